package io.sluice.relay.capture;

import io.sluice.outbox.ShardId;
import java.time.Instant;

/**
 * An insert that is in the binlog as a statement, because its session has another {@code
 * binlog_format} than ROW. The rows are not in the binlog.
 *
 * @param shard the shard into whose table it inserts
 * @param time when the statement was executed
 */
public record StatementInsert(ShardId shard, Instant time) implements Captured {}
