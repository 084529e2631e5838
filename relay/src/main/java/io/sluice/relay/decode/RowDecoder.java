package io.sluice.relay.decode;

import io.debezium.data.Envelope;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.failure.OperatorNeededException;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Makes outbox rows of the engine's records. Thread-safe. */
public final class RowDecoder {

  private static final String GTID = "gtid";

  private final ShardId shard;

  public RowDecoder(ShardId shard) {
    this.shard = shard;
  }

  /**
   * What the record is.
   *
   * @throws OperatorNeededException if it is a row that cannot be read
   */
  public Decoded decode(SourceRecord captured) {
    if (!(captured.value() instanceof Struct change) || !isInsert(change.schema(), change)) {
      return new Decoded.Nothing();
    }
    String gtid = change.getStruct(Envelope.FieldName.SOURCE).getString(GTID);
    if (gtid == null) {
      throw new OperatorNeededException(
          "shard '%s' delivered a row of a transaction without GTID".formatted(shard),
          "turn GTID mode on (gtid_mode = ON) on its server");
    }
    return new Decoded.Row(row(gtid, new ColumnReader(shard, after(change))));
  }

  private static boolean isInsert(Schema schema, Struct change) {
    return schema.field(Envelope.FieldName.OPERATION) != null
        && Envelope.Operation.CREATE.code().equals(change.getString(Envelope.FieldName.OPERATION));
  }

  private static Struct after(Struct change) {
    return change.getStruct(Envelope.FieldName.AFTER);
  }

  private OutboxRow row(String gtid, ColumnReader columns) {
    String id = columns.text(OutboxTable.ID);
    try {
      return new OutboxRow(
          gtid,
          id,
          EventDomain.of(columns.text(OutboxTable.DOMAIN)),
          columns.text(OutboxTable.EVENT_TYPE),
          columns.text(OutboxTable.AGGREGATE_TYPE),
          columns.text(OutboxTable.AGGREGATE_ID),
          columns.bytes(OutboxTable.EVENT_DATA),
          headers(columns.textOrNull(OutboxTable.HEADERS)),
          columns.integer(OutboxTable.MAX_RETRIES),
          columns.instant(OutboxTable.CREATED_AT));
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "event %s of shard '%s', written in transaction %s, cannot be published: %s"
              .formatted(id, shard, gtid, e.getMessage()),
          "correct what writes such rows; the shard goes on once this relay can publish the row",
          e);
    }
  }

  private static EventHeaders headers(@Nullable String json) {
    return json == null ? EventHeaders.NONE : EventHeaders.fromJson(json);
  }
}
