package io.sluice.relay.capture;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardTable;
import java.io.Serializable;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decodes the rows of one definition of an outbox table. Immutable. */
public final class RowDecoder {

  private final ShardTable table;
  private final Map<String, ReadColumn> columns;
  private final int columnCount;
  private final boolean hasCreatedAt;

  /**
   * A decoder of a definition.
   *
   * @param columns the columns of events that the table has, by the names of the shipped DDL
   * @param columnCount number of all columns of the table
   */
  public RowDecoder(ShardTable table, Map<String, ReadColumn> columns, int columnCount) {
    this.table = table;
    this.columns = Map.copyOf(columns);
    this.columnCount = columnCount;
    this.hasCreatedAt = table.layout().column(OutboxTable.CREATED_AT).isPresent();
  }

  /** The table with the rows. */
  public ShardTable table() {
    return table;
  }

  /** Number of the values of a complete row. */
  public int columnCount() {
    return columnCount;
  }

  /**
   * Decodes a row.
   *
   * @throws io.sluice.relay.shard.OperatorNeededException if the table does not match its
   *     configured layout
   */
  Decoded decode(CapturedRows event, Serializable[] row) {
    ColumnReader values = new ColumnReader(table, columns, row);
    try {
      return event.isPrepared()
          ? new Decoded.Prepared(event.origin(), values.id(OutboxTable.ID))
          : committed(event, values);
    } catch (IllegalArgumentException e) {
      return new Decoded.Invalid(
          event.origin(), idIfReadable(values), String.valueOf(e.getMessage()));
    }
  }

  private Decoded committed(CapturedRows event, ColumnReader values) {
    RowOrigin origin = event.origin();
    String status = values.textOrNull(OutboxTable.STATUS);
    if (status != null && OutboxRow.isFinished(status)) {
      return new Decoded.Finished(origin);
    }
    return new Decoded.Row(
        new OutboxRow(
            origin,
            values.id(OutboxTable.ID),
            domain(values),
            values.text(OutboxTable.EVENT_TYPE),
            values.text(OutboxTable.AGGREGATE_TYPE),
            values.text(OutboxTable.AGGREGATE_ID),
            values.bytes(OutboxTable.EVENT_DATA),
            headers(values.textOrNull(OutboxTable.HEADERS)),
            values.integer(OutboxTable.MAX_RETRIES, OutboxRow.DEFAULT_MAX_RETRIES),
            createdAt(event, values)));
  }

  private EventDomain domain(ColumnReader values) {
    return table.layout().domain().orElseGet(() -> EventDomain.of(values.text(OutboxTable.DOMAIN)));
  }

  /** The column created_at, or the time of the commit if the table does not have it. */
  private Instant createdAt(CapturedRows event, ColumnReader values) {
    return hasCreatedAt ? values.instant(OutboxTable.CREATED_AT) : event.committedAt();
  }

  private static EventHeaders headers(@Nullable String json) {
    return json == null ? EventHeaders.NONE : EventHeaders.fromJson(json);
  }

  private static Optional<String> idIfReadable(ColumnReader values) {
    try {
      return Optional.of(values.id(OutboxTable.ID));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // the row is then reported by its transaction
    }
  }
}
