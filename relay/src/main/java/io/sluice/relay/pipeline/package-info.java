/**
 * From a batch of the binlog reader to the publisher. The only place that advances a shard's
 * position.
 */
@NullMarked
package io.sluice.relay.pipeline;

import org.jspecify.annotations.NullMarked;
