package io.sluice.relay.maintenance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.MarkFailed;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Updates the status of rows: PUBLISHED in domains without handlers, after Kafka has acknowledged
 * their events, and FAILED for quarantined rows. The condition of each update ensures that a final
 * status is kept, that a repeated update changes nothing, and that the outcome of an event before a
 * redrive does not reach the row after the redrive. Used by one thread.
 */
final class StatusMarker {

  private static final int PUBLISHED_BATCH = 500;
  private static final int FAILED_BATCH = 200;

  private static final String PUBLISHED =
      """
      UPDATE {table}
      SET status = 'PUBLISHED', published_at = UTC_TIMESTAMP(6), updated_at = UTC_TIMESTAMP(6)
      WHERE id IN (%s) AND status IN ('PENDING', 'RETRY') AND %s = ?""";

  private static final String FAILED =
      """
      UPDATE {table}
      SET status = 'FAILED', last_error = ?, updated_at = UTC_TIMESTAMP(6)
      WHERE id = ? AND status IN ('PENDING', 'RETRY') AND %s = COALESCE(?, %s)"""
          .formatted(TableAccess.REDRIVE, TableAccess.REDRIVE);

  private final List<TableAccess> tables;
  private final Destination destination;
  private final ShardStatistics statistics;
  private final Duration interval;

  /**
   * Creates a marker.
   *
   * @param tables those that have a status
   */
  StatusMarker(
      List<TableAccess> tables,
      Destination destination,
      ShardStatistics statistics,
      Duration interval) {
    this.tables = tables;
    this.destination = destination;
    this.statistics = statistics;
    this.interval = interval;
  }

  /** Marks rows of published events that need no handler. */
  Duration markPublished() throws SQLException {
    List<Completed> batch = destination.completions().take(PUBLISHED_BATCH);
    try {
      for (TableAccess table : tables) {
        Map<String, List<String>> idsByRedrive =
            batch.stream()
                .filter(row -> row.shard().equals(table.shard()))
                .map(Completed::event)
                .collect(groupingBy(EventCopy::redrive, mapping(EventCopy::id, toList())));
        for (Map.Entry<String, List<String>> copies : idsByRedrive.entrySet()) {
          statistics.add(
              Counter.COMPLETED_EVENTS, markPublished(table, copies.getKey(), copies.getValue()));
        }
      }
    } catch (SQLException e) {
      destination.completions().addAll(batch);
      throw e;
    }
    return batch.size() < PUBLISHED_BATCH ? interval : Duration.ZERO;
  }

  private static int markPublished(TableAccess table, String redrive, List<String> ids)
      throws SQLException {
    String placeholders = String.join(",", Collections.nCopies(ids.size(), "?"));
    String statement = table.sql(PUBLISHED.formatted(placeholders, TableAccess.REDRIVE));
    try (Connection connection = table.connect();
        PreparedStatement update = connection.prepareStatement(statement)) {
      for (int i = 0; i < ids.size(); i++) {
        update.setString(i + 1, ids.get(i));
      }
      update.setString(ids.size() + 1, redrive);
      int marked = update.executeUpdate();
      connection.commit();
      return marked;
    }
  }

  /** Marks quarantined rows, and removes their work items. */
  Duration markFailed() throws SQLException {
    List<MarkFailed> open = destination.pendingWork().of(MarkFailed.class);
    List<MarkFailed> batch = open.subList(0, Math.min(FAILED_BATCH, open.size()));
    for (TableAccess table : tables) {
      markFailed(table, batch.stream().filter(row -> row.shard().equals(table.shard())).toList());
    }
    if (!batch.isEmpty()) {
      destination.publish(List.of(), batch);
    }
    return batch.size() < FAILED_BATCH ? interval : Duration.ZERO;
  }

  private static void markFailed(TableAccess table, List<MarkFailed> rows) throws SQLException {
    if (rows.isEmpty()) {
      return;
    }
    try (Connection connection = table.connect();
        PreparedStatement update = connection.prepareStatement(table.sql(FAILED))) {
      for (MarkFailed row : rows) {
        update.setString(1, row.reason());
        update.setString(2, row.eventId());
        update.setString(3, row.redrive().orElse(null));
        update.addBatch();
      }
      update.executeBatch();
      connection.commit();
    }
  }
}
