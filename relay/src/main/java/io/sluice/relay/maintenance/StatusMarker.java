package io.sluice.relay.maintenance;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toList;

import io.sluice.relay.mysql.KeptConnection;
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
import java.util.ArrayList;
import java.util.Collection;
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
  private final KeptConnection kept;
  private final Destination destination;
  private final ShardStatistics statistics;
  private final MaintenanceTimings timings;

  /**
   * Creates a marker.
   *
   * @param tables those that have a status
   */
  StatusMarker(
      List<TableAccess> tables,
      KeptConnection kept,
      Destination destination,
      ShardStatistics statistics,
      MaintenanceTimings timings) {
    this.tables = tables;
    this.kept = kept;
    this.destination = destination;
    this.statistics = statistics;
    this.timings = timings;
  }

  /** Marks rows of published events that need no handler. */
  Duration markPublished() throws SQLException {
    List<Completed> batch = destination.completions().take(PUBLISHED_BATCH);
    RowUpdates<Completed> updates =
        new RowUpdates<>(kept, row -> row.event().id(), StatusMarker::markPublished);
    Collection<Completed> failed = batch;
    try {
      int marked = 0;
      for (TableAccess table : tables) {
        marked +=
            updates.run(
                table, batch.stream().filter(row -> row.shard().equals(table.shard())).toList());
      }
      statistics.add(Counter.COMPLETED_EVENTS, marked);
      failed = updates.failed();
    } finally {
      destination.completions().marked(batch, failed);
    }
    updates.reportIfStuck(batch.size(), PUBLISHED_BATCH);
    return untilNext(batch.size(), PUBLISHED_BATCH);
  }

  private Duration untilNext(int found, int most) {
    if (found == most) {
      return Duration.ZERO;
    }
    return found == 0 ? timings.idleInterval() : timings.markInterval();
  }

  private static int markPublished(Connection connection, TableAccess table, List<Completed> rows)
      throws SQLException {
    Map<String, List<String>> idsByRedrive =
        rows.stream()
            .map(Completed::event)
            .collect(groupingBy(EventCopy::redrive, mapping(EventCopy::id, toList())));
    int marked = 0;
    for (Map.Entry<String, List<String>> copies : idsByRedrive.entrySet()) {
      marked += markPublished(connection, table, copies.getKey(), copies.getValue());
    }
    return marked;
  }

  private static int markPublished(
      Connection connection, TableAccess table, String redrive, List<String> ids)
      throws SQLException {
    String placeholders = String.join(",", Collections.nCopies(ids.size(), "?"));
    String statement = table.sql(PUBLISHED.formatted(placeholders, TableAccess.REDRIVE));
    try (PreparedStatement update = connection.prepareStatement(statement)) {
      for (int i = 0; i < ids.size(); i++) {
        update.setString(i + 1, ids.get(i));
      }
      update.setString(ids.size() + 1, redrive);
      return update.executeUpdate();
    }
  }

  /** Marks quarantined rows, and removes their work items. */
  Duration markFailed() throws SQLException {
    List<MarkFailed> open = destination.pendingWork().of(MarkFailed.class);
    List<MarkFailed> batch = open.subList(0, Math.min(FAILED_BATCH, open.size()));
    RowUpdates<MarkFailed> updates =
        new RowUpdates<>(kept, MarkFailed::eventId, StatusMarker::markFailed);
    for (TableAccess table : tables) {
      updates.run(table, batch.stream().filter(row -> row.shard().equals(table.shard())).toList());
    }
    List<MarkFailed> done = new ArrayList<>(batch);
    done.removeAll(updates.failed());
    if (!done.isEmpty()) {
      destination.publish(List.of(), done);
    }
    destination.pendingWork().postpone(updates.failed());
    updates.reportIfStuck(batch.size(), FAILED_BATCH);
    return untilNext(batch.size(), FAILED_BATCH);
  }

  private static int markFailed(Connection connection, TableAccess table, List<MarkFailed> rows)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(table.sql(FAILED))) {
      for (MarkFailed row : rows) {
        update.setString(1, row.reason());
        update.setString(2, row.eventId());
        update.setString(3, row.redrive().orElse(null));
        update.addBatch();
      }
      return update.executeBatch().length;
    }
  }
}
