package io.sluice.handlers;

import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.LocalDateTime;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The delivery columns of a row in the database. */
record Row(
    OutboxStatus status,
    int retryCount,
    int maxRetries,
    @Nullable String lastError,
    LocalDateTime updatedAt,
    @Nullable LocalDateTime publishedAt) {

  private static final String SELECT =
      """
      SELECT status, retry_count, max_retries, last_error, updated_at, published_at
      FROM outbox_events WHERE id = ?
      """;

  static Row read(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SELECT)) {
      select.setString(1, id.toString());
      try (ResultSet row = select.executeQuery()) {
        if (!row.next()) {
          throw new SQLException("no row " + id);
        }
        return new Row(
            OutboxStatus.valueOf(row.getString(1)),
            row.getInt(2),
            row.getInt(3),
            row.getString(4),
            row.getObject(5, LocalDateTime.class),
            row.getObject(6, LocalDateTime.class));
      }
    }
  }
}
