package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.EventCopy;

/**
 * SQL expression for the number of redrives of a row's event, with placeholders for {@link
 * TableSql}.
 */
public final class RedriveColumn {

  // Converted to text, because the headers column may be of type JSON, text or binary.
  private static final String COUNT =
      """
      COALESCE(IF(JSON_VALID(CONVERT({headers} USING utf8mb4)),
        JSON_UNQUOTE(JSON_EXTRACT(CONVERT({headers} USING utf8mb4), '$."%s"')), NULL), '%s')"""
          .formatted(RecordHeaders.REDRIVE, EventCopy.FIRST);

  private RedriveColumn() {}

  /** The count in the row's headers. A table without a headers column has no redriven rows. */
  public static String of(ShardTable table) {
    return table.layout().column(OutboxTable.HEADERS).isPresent()
        ? COUNT
        : "'%s'".formatted(EventCopy.FIRST);
  }
}
