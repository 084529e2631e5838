/** Supervises shards: take-over, watch, restart and release. */
@NullMarked
package io.sluice.relay.supervise;

import org.jspecify.annotations.NullMarked;
