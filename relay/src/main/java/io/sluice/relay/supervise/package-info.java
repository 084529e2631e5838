/** A shard's life: start, watch, restart, give up. */
@NullMarked
package io.sluice.relay.supervise;

import org.jspecify.annotations.NullMarked;
