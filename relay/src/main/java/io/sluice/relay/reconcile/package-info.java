/** Compares rows of the table with the topics and publishes what is missing. */
@NullMarked
package io.sluice.relay.reconcile;

import org.jspecify.annotations.NullMarked;
