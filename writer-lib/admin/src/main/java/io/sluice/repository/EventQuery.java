package io.sluice.repository;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads rows of one shard. */
final class EventQuery {

  // Reads times as text, because drivers throw on dates that do not exist.
  private static final String COLUMNS =
      """
      SELECT id, domain, event_type, aggregate_type, aggregate_id, event_data, headers, status,
        retry_count, max_retries, last_error, CAST(created_at AS CHAR) AS created_at,
        CAST(updated_at AS CHAR) AS updated_at, CAST(published_at AS CHAR) AS published_at
      FROM outbox_events
      """;

  // Without the hint, the server may scan the whole table in the order of ids.
  private static final String WAITING =
      COLUMNS
          + """
          FORCE INDEX (outbox_events_status)
          WHERE status = ? AND published_at IS NULL ORDER BY id LIMIT ?
          """;

  private static final String BY_ID = COLUMNS + "WHERE id = ?";

  private EventQuery() {}

  /** The oldest rows with this status. */
  static List<StoredRow> waiting(
      Connection connection, ShardId shard, OutboxStatus status, int limit) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(WAITING)) {
      select.setString(1, status.name());
      select.setInt(2, limit);
      try (ResultSet rows = select.executeQuery()) {
        List<StoredRow> found = new ArrayList<>();
        while (rows.next()) {
          found.add(RowColumns.read(rows).toRow(new EventKey(shard, rows.getString("id"))));
        }
        return List.copyOf(found);
      }
    }
  }

  static Optional<StoredRow> byId(Connection connection, EventKey key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(BY_ID)) {
      select.setString(1, key.id());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(RowColumns.read(row).toRow(key)) : Optional.empty();
      }
    }
  }
}
