package io.sluice.handlers.internal.table;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;

/**
 * Writes delivery columns, a statement for all rows of a kind. All writes are guarded: they change
 * rows that are PENDING or RETRY only, and repeating one changes nothing.
 */
public final class RowWrites {

  private static final String PUBLISHED =
      """
      UPDATE outbox_events FORCE INDEX (PRIMARY)
      SET status = 'PUBLISHED', published_at = ?, updated_at = ?
      WHERE id IN (%s) AND status IN ('PENDING', 'RETRY')
      """;

  private static final String FAILURE =
      """
      UPDATE outbox_events FORCE INDEX (PRIMARY)
      SET status = ?, retry_count = retry_count + 1, last_error = CASE id %1$s END, updated_at = ?
      WHERE id IN (%2$s) AND status IN ('PENDING', 'RETRY') AND retry_count = CASE id %1$s END
      """;

  private static final String PARKED =
      """
      UPDATE outbox_events
      SET status = 'FAILED', last_error = ?, updated_at = ?
      WHERE id = ? AND status IN ('PENDING', 'RETRY')
      """;

  private RowWrites() {}

  /** Writes updates of one status; whether every row was one to be changed. */
  public static boolean write(
      Connection connection, OutboxStatus status, Collection<RowRequest.Write> writes)
      throws SQLException {
    List<RowRequest.Write> all = List.copyOf(writes);
    return status == OutboxStatus.PUBLISHED
        ? publish(connection, all)
        : fail(connection, status, all);
  }

  private static boolean publish(Connection connection, List<RowRequest.Write> writes)
      throws SQLException {
    String sql = PUBLISHED.formatted(RowReads.places(writes.size()));
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      LocalDateTime at = utc(latest(writes));
      update.setObject(1, at);
      update.setObject(2, at);
      int place = 3;
      for (RowRequest.Write write : writes) {
        update.setString(place++, write.id());
      }
      return update.executeUpdate() == writes.size();
    }
  }

  private static boolean fail(
      Connection connection, OutboxStatus status, List<RowRequest.Write> writes)
      throws SQLException {
    String cases = "WHEN ? THEN ? ".repeat(writes.size());
    String sql = FAILURE.formatted(cases, RowReads.places(writes.size()));
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, status.name());
      int place = 2;
      for (RowRequest.Write write : writes) {
        update.setString(place++, write.id());
        update.setString(place++, write.update().lastError());
      }
      update.setObject(place++, utc(latest(writes)));
      for (RowRequest.Write write : writes) {
        update.setString(place++, write.id());
      }
      for (RowRequest.Write write : writes) {
        update.setString(place++, write.id());
        update.setInt(place++, write.update().before().retryCount());
      }
      return update.executeUpdate() == writes.size();
    }
  }

  public static void park(Connection connection, String id, String lastError, Instant at)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PARKED)) {
      update.setString(1, lastError);
      update.setObject(2, utc(at));
      update.setString(3, id);
      update.executeUpdate();
    }
  }

  /** All rows of a statement bear the same time. */
  static Instant latest(Collection<RowRequest.Write> writes) {
    return writes.stream().map(write -> write.update().at()).max(Instant::compareTo).orElseThrow();
  }

  // A LocalDateTime is stored as it is; a Timestamp would be moved to the session's time zone.
  public static LocalDateTime utc(Instant moment) {
    return LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
  }
}
