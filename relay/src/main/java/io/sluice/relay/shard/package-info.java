/** How a shard is reached. */
@NullMarked
package io.sluice.relay.shard;

import org.jspecify.annotations.NullMarked;
