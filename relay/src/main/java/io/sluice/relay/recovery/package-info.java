/** Finds out that a stored position is lost, and starts the shard again at a new one. */
@NullMarked
package io.sluice.relay.recovery;

import org.jspecify.annotations.NullMarked;
