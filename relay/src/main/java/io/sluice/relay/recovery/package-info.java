/** Detects that a stored position is lost, and restarts the shard at a new one. */
@NullMarked
package io.sluice.relay.recovery;

import org.jspecify.annotations.NullMarked;
