/** Shards with their servers, tables and rows, and the exceptions that stop a shard. */
@NullMarked
package io.sluice.relay.shard;

import org.jspecify.annotations.NullMarked;
