package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;

/**
 * Reads and writes the delivery columns. All writes are guarded: they change rows that are PENDING
 * or RETRY only, and repeating one changes nothing. Each call borrows one connection and blocks for
 * as long as the data source lets it. Thread-safe.
 */
public final class StatusWriter {

  // A locking read. MySQL hands an insert to its binlog before it makes it visible to snapshots, so
  // a fast relay can be here first; a plain SELECT would then take the event for deleted, while a
  // locking one waits for the writer's commit.
  private static final String READ =
      """
      SELECT status, retry_count, max_retries FROM outbox_events WHERE id = ? FOR SHARE
      """;

  private static final String PUBLISHED =
      """
      UPDATE outbox_events
      SET status = 'PUBLISHED', published_at = ?, updated_at = ?
      WHERE id = ? AND status IN ('PENDING', 'RETRY')
      """;

  // MySQL assigns from left to right: status must come before the count it is computed from.
  private static final String FAILURE =
      """
      UPDATE outbox_events
      SET status = IF(? OR retry_count + 1 >= max_retries, 'FAILED', 'RETRY'),
          retry_count = retry_count + 1, last_error = ?, updated_at = ?
      WHERE id = ? AND status IN ('PENDING', 'RETRY') AND retry_count = ?
      """;

  private final ShardDataSources shards;

  public StatusWriter(ShardDataSources shards) {
    this.shards = shards;
  }

  /** Whether this shard has a data source. */
  public boolean reaches(ShardId shard) {
    return shards.shards().contains(shard);
  }

  /** The row as it stands, or nothing where it was deleted. */
  public Optional<RowState> read(RowKey key) throws SQLException {
    return ShardConnection.lend(
        shards.get(key.shard()), connection -> select(connection, key.id()));
  }

  /** Writes the update unless the row has moved on; returns how the row stands afterwards. */
  public Optional<RowState> write(RowKey key, StatusUpdate update) throws SQLException {
    return ShardConnection.lend(
        shards.get(key.shard()),
        connection ->
            update instanceof StatusUpdate.Published published
                ? publish(connection, key.id(), published)
                : fail(connection, key.id(), (StatusUpdate.Failure) update));
  }

  private static Optional<RowState> publish(
      Connection connection, String id, StatusUpdate.Published update) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(PUBLISHED)) {
      statement.setObject(1, utc(update.at()));
      statement.setObject(2, utc(update.at()));
      statement.setString(3, id);
      if (statement.executeUpdate() == 1) {
        return Optional.of(update.before().with(OutboxStatus.PUBLISHED));
      }
    }
    return select(connection, id);
  }

  private static Optional<RowState> fail(
      Connection connection, String id, StatusUpdate.Failure update) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(FAILURE)) {
      statement.setBoolean(1, update.conclusive());
      statement.setString(2, update.lastError());
      statement.setObject(3, utc(update.at()));
      statement.setString(4, id);
      statement.setInt(5, update.before().retryCount());
      statement.executeUpdate();
    }
    return select(connection, id);
  }

  private static Optional<RowState> select(Connection connection, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(READ)) {
      statement.setString(1, id);
      try (ResultSet row = statement.executeQuery()) {
        return row.next() ? Optional.of(state(row)) : Optional.empty();
      }
    }
  }

  private static RowState state(ResultSet row) throws SQLException {
    return new RowState(OutboxStatus.valueOf(row.getString(1)), row.getInt(2), row.getInt(3));
  }

  // A LocalDateTime is stored as it is; a Timestamp would be moved to the session's time zone.
  private static LocalDateTime utc(Instant moment) {
    return LocalDateTime.ofInstant(moment, ZoneOffset.UTC);
  }
}
