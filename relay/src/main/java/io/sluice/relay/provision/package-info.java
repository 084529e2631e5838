/** Prepares topics and new shards: a shard's first position is fixed here, once. */
@NullMarked
package io.sluice.relay.provision;

import org.jspecify.annotations.NullMarked;
