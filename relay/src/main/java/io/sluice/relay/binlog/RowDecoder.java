package io.sluice.relay.binlog;

import io.debezium.connector.AbstractSourceInfo;
import io.debezium.data.Envelope;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Schema;
import org.apache.kafka.connect.data.Struct;
import org.apache.kafka.connect.source.SourceRecord;
import org.jspecify.annotations.Nullable;

/** Decodes records of the engine to outbox rows. Thread-safe. */
public final class RowDecoder {

  private static final String GTID = "gtid";

  /**
   * Field with the server thread of the transaction, which the engine takes from the BEGIN event.
   * Rows of XA transactions do not have it: an XA transaction begins with another event, and is
   * written to the binlog when it is prepared, not when it is committed.
   */
  private static final String THREAD_OF_BEGIN = "thread";

  private final ShardSource source;

  public RowDecoder(ShardSource source) {
    this.source = source;
  }

  /**
   * Decodes a record.
   *
   * @return empty if the record is not an inserted row, but for example a heartbeat
   * @throws io.sluice.relay.shard.OperatorNeededException if the table does not match its
   *     configured layout
   */
  public Optional<Decoded> decode(SourceRecord captured) {
    if (!(captured.value() instanceof Struct change) || !isInsert(change.schema(), change)) {
      return Optional.empty();
    }
    Struct place = change.getStruct(Envelope.FieldName.SOURCE);
    ShardTable table =
        source
            .table(
                place.getString(AbstractSourceInfo.DATABASE_NAME_KEY),
                place.getString(AbstractSourceInfo.TABLE_NAME_KEY))
            .orElseThrow(
                () ->
                    new IllegalStateException("the engine delivered a table that is not captured"));
    RowOrigin origin = origin(table, place, captured.sourceOffset());
    ColumnReader columns = new ColumnReader(table, after(change));
    return Optional.of(
        place.getInt64(THREAD_OF_BEGIN) == null
            ? prepared(origin, columns)
            : row(table, origin, columns, place));
  }

  private static boolean isInsert(Schema schema, Struct change) {
    return schema.field(Envelope.FieldName.OPERATION) != null
        && Envelope.Operation.CREATE.code().equals(change.getString(Envelope.FieldName.OPERATION));
  }

  private static Struct after(Struct change) {
    return change.getStruct(Envelope.FieldName.AFTER);
  }

  private static RowOrigin origin(ShardTable table, Struct place, Map<String, ?> offset) {
    @Nullable String gtid = place.getString(GTID);
    return gtid == null
        ? new RowOrigin(table.shard(), offset.get("file") + ":" + offset.get("pos"), false)
        : new RowOrigin(table.shard(), gtid, true);
  }

  private static Decoded prepared(RowOrigin origin, ColumnReader columns) {
    try {
      return new Decoded.Prepared(origin, columns.id(OutboxTable.ID));
    } catch (IllegalArgumentException e) {
      return invalid(origin, columns, e);
    }
  }

  private static Decoded row(
      ShardTable table, RowOrigin origin, ColumnReader columns, Struct place) {
    try {
      String status = columns.textOrNull(OutboxTable.STATUS);
      if (status != null && OutboxRow.isFinished(status)) {
        return new Decoded.Finished(origin);
      }
      return new Decoded.Row(
          new OutboxRow(
              origin,
              columns.id(OutboxTable.ID),
              domain(table, columns),
              columns.text(OutboxTable.EVENT_TYPE),
              columns.text(OutboxTable.AGGREGATE_TYPE),
              columns.text(OutboxTable.AGGREGATE_ID),
              columns.bytes(OutboxTable.EVENT_DATA),
              headers(columns.textOrNull(OutboxTable.HEADERS)),
              columns.integer(OutboxTable.MAX_RETRIES, OutboxRow.DEFAULT_MAX_RETRIES),
              createdAt(table, columns, place)));
    } catch (IllegalArgumentException e) {
      return invalid(origin, columns, e);
    }
  }

  private static EventDomain domain(ShardTable table, ColumnReader columns) {
    return table
        .layout()
        .domain()
        .orElseGet(() -> EventDomain.of(columns.text(OutboxTable.DOMAIN)));
  }

  /** The column created_at, or the time of the commit if the table does not have it. */
  private static Instant createdAt(ShardTable table, ColumnReader columns, Struct place) {
    return table.layout().column(OutboxTable.CREATED_AT).isPresent()
        ? columns.instant(OutboxTable.CREATED_AT)
        : Instant.ofEpochMilli(place.getInt64(AbstractSourceInfo.TIMESTAMP_KEY));
  }

  private static EventHeaders headers(@Nullable String json) {
    return json == null ? EventHeaders.NONE : EventHeaders.fromJson(json);
  }

  private static Decoded invalid(
      RowOrigin origin, ColumnReader columns, IllegalArgumentException problem) {
    return new Decoded.Invalid(origin, idIfReadable(columns), String.valueOf(problem.getMessage()));
  }

  private static Optional<String> idIfReadable(ColumnReader columns) {
    try {
      return Optional.of(columns.id(OutboxTable.ID));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the row is then reported by its transaction
    }
  }
}
