package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;

/**
 * Shard and transaction of a row.
 *
 * @param shard the shard whose table contains the row
 * @param transaction GTID of the transaction that wrote the row; its binlog file and position if
 *     the server does not assign GTIDs
 * @param isNumbered whether {@code transaction} is a GTID, which is the same on every replica
 */
public record RowOrigin(ShardId shard, String transaction, boolean isNumbered) {}
