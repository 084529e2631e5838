package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;

/**
 * Where a row was written.
 *
 * @param shard whose table holds it
 * @param transaction that wrote it: its GTID, or where servers do not number transactions its place
 *     in the binary log
 * @param isNumbered whether that is a GTID, the same on every replica
 */
public record RowOrigin(ShardId shard, String transaction, boolean isNumbered) {}
