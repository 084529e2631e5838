package io.sluice.relay.binlog;

import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.SchemaBuilder;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;

/**
 * An insert that is in the binlog as a statement, because its session has another {@code
 * binlog_format} than ROW. The rows are not in the binlog. It passes through the engine's queue as
 * a record, so that the position does not overtake it.
 *
 * @param shard the shard into whose table it inserts
 * @param time when the statement was executed
 */
public record StatementInsert(ShardId shard, Instant time) {

  private static final String TOPIC = "sluice.statement-insert";
  private static final String SHARD = "shard";
  private static final Schema SCHEMA =
      SchemaBuilder.struct().name(TOPIC).field(SHARD, Schema.STRING_SCHEMA).build();

  /** A record for the engine's queue. */
  SourceRecord record(Map<String, ?> partition, Map<String, ?> offset) {
    Struct value = new Struct(SCHEMA).put(SHARD, shard.value());
    return new SourceRecord(
        partition, offset, TOPIC, null, null, null, SCHEMA, value, time.toEpochMilli());
  }

  /** Reads such a record; empty if it is another one. */
  public static Optional<StatementInsert> of(SourceRecord captured) {
    return captured.value() instanceof Struct value && captured.topic().equals(TOPIC)
        ? Optional.of(
            new StatementInsert(
                ShardId.of(value.getString(SHARD)), Instant.ofEpochMilli(captured.timestamp())))
        : Optional.empty();
  }
}
