package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Collection;
import java.util.List;
import java.util.Locale;

/**
 * Writes delivery columns, with one statement for all rows of a kind. A write changes a row only if
 * it is PENDING or RETRY and was not redriven after it was read. Writes are idempotent.
 */
public final class RowWrites {

  // A header that is not a number counts as 0, as in RowState.
  private static final String STILL_THE_SAME =
      """
      AND status IN ('PENDING', 'RETRY')
      AND IF(headers->>'$."outbox-redrive"' REGEXP '^[0-9]{1,9}$', headers->>'$."outbox-redrive"', 0) = ?
      """;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private static final String FAILURE =
      """
      UPDATE outbox_events FORCE INDEX (PRIMARY)
      SET status = ?, retry_count = GREATEST(retry_count, 0) + 1,
        last_error = CONVERT(CAST(CASE id %1$s END AS BINARY) USING utf8mb4),
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

  private static final String PROBE =
      """
      UPDATE outbox_events
      SET status = 'RETRY', retry_count = 0, last_error = NULL, published_at = NULL, updated_at = ?
      WHERE id = ?
      """;

  private RowWrites() {}

  /** The properties that updates must share to be written by one statement. */
  record Kind(OutboxStatus status, int redrives) {

    static Kind of(RowRequest.Write write) {
      return new Kind(write.update().status(), write.update().before().redrives());
    }
  }

  /**
   * Writes updates of one kind.
   *
   * @return whether every row was changed
   */
  static boolean write(Connection connection, Kind kind, Collection<RowRequest.Write> writes)
      throws SQLException {
    List<RowRequest.Write> all = List.copyOf(writes);
    return kind.status() == OutboxStatus.PUBLISHED
        ? publish(connection, kind, all)
        : fail(connection, kind, all);
  }

  private static boolean publish(Connection connection, Kind kind, List<RowRequest.Write> writes)
      throws SQLException {
    String at = TIME.format(utc(latest(writes)));
    StringBuilder sql =
        new StringBuilder("UPDATE outbox_events FORCE INDEX (PRIMARY) SET status = 'PUBLISHED'")
            .append(", published_at = '%1$s', updated_at = '%1$s' WHERE id IN (".formatted(at));
    IdLiterals.append(sql, writes.stream().map(RowRequest.Write::id).toList());
    sql.append(") ").append(STILL_THE_SAME.replace("?", Integer.toString(kind.redrives())));
    try (Statement update = connection.createStatement()) {
      // Otherwise the driver searches the whole text for JDBC's escapes.
      update.setEscapeProcessing(false);
      return update.executeUpdate(sql.toString()) == writes.size();
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
        // The connection's character set need not have every character of the text.
        update.setBytes(place++, write.update().lastError().getBytes(StandardCharsets.UTF_8));
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

  /** Sets an unfinished event to FAILED with this {@code last_error}. */
  static void park(Connection connection, String id, String lastError, Instant at)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PARKED)) {
      update.setString(1, lastError);
      update.setObject(2, utc(at));
      update.setString(3, id);
      update.executeUpdate();
    }
  }

  /** Updates a row that does not exist. Fails if the shard refuses all changes. */
  static void probe(Connection connection) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(PROBE)) {
      update.setObject(1, utc(Instant.EPOCH));
      update.setString(2, RowReads.ABSENT);
      update.executeUpdate();
    }
  }

  /** A statement writes the same time to all of its rows. */
  private static Instant latest(Collection<RowRequest.Write> writes) {
    return writes.stream().map(write -> write.update().at()).max(Instant::compareTo).orElseThrow();
  }

  /**
   * Converts a time as the columns store it. The driver would convert a Timestamp to the session's
   * time zone.
   */
  public static LocalDateTime utc(Instant moment) {
    return LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
  }
}
