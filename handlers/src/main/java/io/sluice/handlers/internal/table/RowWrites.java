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
 * rows that are PENDING or RETRY only and were not redriven since, and repeating one changes
 * nothing.
 */
public final class RowWrites {

  // Anything but a number is none, as RowState has it.
  private static final String STILL_THE_SAME =
      """
      AND status IN ('PENDING', 'RETRY')
      AND IF(headers->>'$."outbox-redrive"' REGEXP '^[0-9]{1,9}$', headers->>'$."outbox-redrive"', 0) = ?
      """;

  private static final String PUBLISHED =
      """
      UPDATE outbox_events FORCE INDEX (PRIMARY)
      SET status = 'PUBLISHED', published_at = ?, updated_at = ?
      WHERE id IN (%s)
      """
          + STILL_THE_SAME;

  private static final String FAILURE =
      """
      UPDATE outbox_events FORCE INDEX (PRIMARY)
      SET status = ?, retry_count = GREATEST(retry_count, 0) + 1, last_error = CASE id %1$s END,
        updated_at = ?
      WHERE id IN (%2$s) AND GREATEST(retry_count, 0) = CASE id %1$s END
      """
          + STILL_THE_SAME;

  private static final String PARKED =
      """
      UPDATE outbox_events
      SET status = 'FAILED', last_error = ?, updated_at = ?
      WHERE id = ? AND status IN ('PENDING', 'RETRY')
      """;

  private static final String NOBODYS =
      """
      UPDATE outbox_events
      SET status = 'RETRY', retry_count = 0, last_error = NULL, published_at = NULL, updated_at = ?
      WHERE id = ?
      """;

  private RowWrites() {}

  /** What updates must have in common to be written by one statement. */
  public record Kind(OutboxStatus status, int redrives) {

    public static Kind of(RowRequest.Write write) {
      return new Kind(write.update().status(), write.update().before().redrives());
    }
  }

  /** Writes updates of one kind; whether every row was one to be changed. */
  public static boolean write(Connection connection, Kind kind, Collection<RowRequest.Write> writes)
      throws SQLException {
    List<RowRequest.Write> all = List.copyOf(writes);
    return kind.status() == OutboxStatus.PUBLISHED
        ? publish(connection, kind, all)
        : fail(connection, kind, all);
  }

  private static boolean publish(Connection connection, Kind kind, List<RowRequest.Write> writes)
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
      update.setInt(place, kind.redrives());
      return update.executeUpdate() == writes.size();
    }
  }

  private static boolean fail(Connection connection, Kind kind, List<RowRequest.Write> writes)
      throws SQLException {
    String cases = "WHEN ? THEN ? ".repeat(writes.size());
    String sql = FAILURE.formatted(cases, RowReads.places(writes.size()));
    try (PreparedStatement update = connection.prepareStatement(sql)) {
      update.setString(1, kind.status().name());
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
      update.setInt(place, kind.redrives());
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

  /** Changes nothing, which is refused where the shard refuses all changes. */
  public static void nobodys(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(NOBODYS)) {
      update.setObject(1, utc(Instant.EPOCH));
      update.setString(2, RowReads.NOBODYS);
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
