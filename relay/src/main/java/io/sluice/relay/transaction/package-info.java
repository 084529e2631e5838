/** Kafka transactions that nobody ends: told from others, reported, ended. */
@NullMarked
package io.sluice.relay.transaction;

import org.jspecify.annotations.NullMarked;
