package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.EventCopy;

/** How often a row's event was redriven, as an SQL expression for {@link TableSql} to fill. */
public final class RedriveColumn {

  // Through text, so that headers may also be kept in a column of text or bytes.
  private static final String COUNT =
      """
      COALESCE(IF(JSON_VALID(CONVERT({headers} USING utf8mb4)),
        JSON_UNQUOTE(JSON_EXTRACT(CONVERT({headers} USING utf8mb4), '$."%s"')), NULL), '%s')"""
          .formatted(RecordHeaders.REDRIVE, EventCopy.FIRST);

  private RedriveColumn() {}

  /** The count as it stands in the row's headers; in a table without headers no row has one. */
  public static String of(ShardTable table) {
    return table.layout().column(OutboxTable.HEADERS).isPresent()
        ? COUNT
        : "'%s'".formatted(EventCopy.FIRST);
  }
}
