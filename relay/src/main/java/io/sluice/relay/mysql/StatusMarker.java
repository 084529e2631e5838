package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Updates the status of rows. The condition of each update ensures that a final status is kept,
 * that a repeated update changes nothing, and that the outcome of an event before a redrive does
 * not reach the row after the redrive.
 */
public final class StatusMarker {

  private static final String PUBLISHED =
      """
      UPDATE {table}
      SET {status} = 'PUBLISHED', {published_at} = UTC_TIMESTAMP(6), {updated_at} = UTC_TIMESTAMP(6)
      WHERE {id} IN (%s) AND {status} IN ('PENDING', 'RETRY') AND %s = ?""";

  private static final String FAILED =
      """
      UPDATE {table}
      SET {status} = 'FAILED', {last_error} = ?, {updated_at} = UTC_TIMESTAMP(6)
      WHERE {id} = ? AND {status} IN ('PENDING', 'RETRY') AND %s = COALESCE(?, %s)""";

  private final ShardSource source;

  public StatusMarker(ShardSource source) {
    this.source = source;
  }

  /**
   * Marks rows PUBLISHED.
   *
   * @return number of rows that changed
   */
  public int markPublished(Collection<Completed> events) throws SQLException {
    int marked = 0;
    Map<ShardId, List<Completed>> byShard =
        events.stream().collect(Collectors.groupingBy(Completed::shard));
    for (ShardTable table : source.tables()) {
      List<Completed> ofTable = byShard.getOrDefault(table.shard(), List.of());
      if (!ofTable.isEmpty() && table.layout().hasDelivery()) {
        for (Map.Entry<String, List<String>> copies : idsByRedrive(ofTable).entrySet()) {
          marked += markPublished(table, copies.getKey(), copies.getValue());
        }
      }
    }
    return marked;
  }

  private static Map<String, List<String>> idsByRedrive(List<Completed> events) {
    return events.stream()
        .map(Completed::event)
        .collect(
            Collectors.groupingBy(
                EventCopy::redrive, Collectors.mapping(EventCopy::id, Collectors.toList())));
  }

  private int markPublished(ShardTable table, String redrive, List<String> events)
      throws SQLException {
    String placeholders = String.join(",", Collections.nCopies(events.size(), "?"));
    String statement =
        TableSql.fill(PUBLISHED.formatted(placeholders, RedriveColumn.of(table)), table);
    try (Connection connection = TableSession.open(source.server(), table);
        PreparedStatement update = connection.prepareStatement(statement)) {
      for (int i = 0; i < events.size(); i++) {
        update.setObject(i + 1, events.get(i));
      }
      update.setString(events.size() + 1, redrive);
      int marked = update.executeUpdate();
      connection.commit();
      return marked;
    }
  }

  /** Marks rows FAILED and stores the reasons. */
  public void markFailed(Collection<MarkFailed> rows) throws SQLException {
    Map<ShardId, List<MarkFailed>> byShard =
        rows.stream().collect(Collectors.groupingBy(MarkFailed::shard));
    for (ShardTable table : source.tables()) {
      List<MarkFailed> ofTable = byShard.getOrDefault(table.shard(), List.of());
      if (!ofTable.isEmpty() && table.layout().hasDelivery()) {
        markFailed(table, ofTable);
      }
    }
  }

  private void markFailed(ShardTable table, List<MarkFailed> rows) throws SQLException {
    String redrive = RedriveColumn.of(table);
    String statement = TableSql.fill(FAILED.formatted(redrive, redrive), table);
    try (Connection connection = TableSession.open(source.server(), table);
        PreparedStatement update = connection.prepareStatement(statement)) {
      for (MarkFailed row : rows) {
        update.setString(1, shortened(row.reason()));
        update.setObject(2, row.eventId());
        update.setString(3, row.redrive().orElse(null));
        update.addBatch();
      }
      update.executeBatch();
      connection.commit();
    }
  }

  private static String shortened(String reason) {
    int end = Math.min(reason.length(), OutboxTable.LAST_ERROR_LENGTH);
    boolean cutsPair = end < reason.length() && Character.isHighSurrogate(reason.charAt(end - 1));
    return reason.substring(0, cutsPair ? end - 1 : end);
  }
}
