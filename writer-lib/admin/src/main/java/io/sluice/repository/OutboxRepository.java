package io.sluice.repository;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.repository.internal.TableTransaction;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;

/**
 * Reads and changes the outbox tables of all shards, for support and for tests. Normal operation
 * does not need it: relays and handler workers process the rows, and polling is not necessary.
 *
 * <p>Each call borrows a connection of the shard's data source, runs its own transaction and
 * returns the connection with its settings unchanged. Calls for all shards query one shard after
 * another; a failed shard does not affect the others. A row that is not a valid event is returned
 * as an {@link InvalidRow}. Thread-safe.
 *
 * <pre>{@code
 * OutboxRepository repository = new OutboxRepository(shards);
 * for (StoredRow row : repository.failed(ShardId.of("shard-1"), 100)) {
 *   show(row.key(), row instanceof InvalidRow invalid
 *       ? invalid.problem()
 *       : row.event().delivery().lastError().orElse("?"));
 * }
 * }</pre>
 */
public final class OutboxRepository {

  private static final int CLEANUP_BATCH = 1_000;
  private static final Duration LONGEST_RETENTION = Duration.ofDays(36_500);

  private static final String UPDATE =
      """
      UPDATE outbox_events
      SET status = ?, retry_count = COALESCE(?, retry_count), last_error = COALESCE(?, last_error),
        published_at = ?, updated_at = ?
      WHERE id = ? AND status IN ('PENDING', 'RETRY')
      """;

  private static final String OLD =
      """
      SELECT id FROM outbox_events FORCE INDEX (outbox_events_status)
      WHERE status = 'PUBLISHED' AND published_at < ?
      ORDER BY published_at LIMIT ? FOR UPDATE SKIP LOCKED
      """;

  private final ShardDataSources shards;

  /**
   * Creates a repository for these shards.
   *
   * @param shards their accounts need SELECT on the table, UPDATE for {@link #updateStatus} and
   *     DELETE for {@link #cleanUp}
   */
  public OutboxRepository(ShardDataSources shards) {
    this.shards = Objects.requireNonNull(shards, "shards");
  }

  /**
   * Finds a row by its key.
   *
   * @throws IllegalArgumentException if the shard is not configured
   * @throws RepositoryException if the shard cannot be read
   */
  public Optional<StoredRow> find(EventKey key) {
    return inTransaction(key.shard(), "reading", connection -> EventQuery.byId(connection, key));
  }

  /** Finds a row by the id of the written event, {@link io.sluice.outbox.OutboxEvent#id}. */
  public Optional<StoredRow> find(ShardId shard, UUID id) {
    return find(new EventKey(shard, id));
  }

  /**
   * The PENDING rows of a shard in the order of ids.
   *
   * @param limit maximum number of rows
   * @throws IllegalArgumentException if the shard is not configured, or the limit is not positive
   * @throws RepositoryException if the shard cannot be read
   */
  public List<StoredRow> pending(ShardId shard, int limit) {
    return waiting(shard, OutboxStatus.PENDING, limit);
  }

  /**
   * The PENDING rows of all shards.
   *
   * @param limitPerShard maximum number of rows of each shard
   * @throws IllegalArgumentException if the limit is not positive
   */
  public ShardResults<List<StoredRow>> pending(int limitPerShard) {
    return ofAll(shard -> pending(shard, limitPerShard));
  }

  /** The RETRY rows of a shard, like {@link #pending(ShardId, int)}. */
  public List<StoredRow> retrying(ShardId shard, int limit) {
    return waiting(shard, OutboxStatus.RETRY, limit);
  }

  /** The RETRY rows of all shards, like {@link #pending(int)}. */
  public ShardResults<List<StoredRow>> retrying(int limitPerShard) {
    return ofAll(shard -> retrying(shard, limitPerShard));
  }

  /** The FAILED rows of a shard, like {@link #pending(ShardId, int)}. */
  public List<StoredRow> failed(ShardId shard, int limit) {
    return waiting(shard, OutboxStatus.FAILED, limit);
  }

  /** The FAILED rows of all shards, like {@link #pending(int)}. */
  public ShardResults<List<StoredRow>> failed(int limitPerShard) {
    return ofAll(shard -> failed(shard, limitPerShard));
  }

  private List<StoredRow> waiting(ShardId shard, OutboxStatus status, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit is %d: it must be 1 or more".formatted(limit));
    }
    return inTransaction(
        shard, "reading", connection -> EventQuery.waiting(connection, shard, status, limit));
  }

  /**
   * Changes the status of an event that is PENDING or RETRY. A status never moves backwards, so a
   * repeated call changes nothing. For events with handlers, the workers of the domain's owning
   * group update the status.
   *
   * @return whether the row was changed
   * @throws IllegalArgumentException if the shard is not configured
   * @throws RepositoryException if the shard cannot be written
   */
  public boolean updateStatus(EventKey key, StatusChange change) {
    return inTransaction(
        key.shard(), "updating", connection -> update(connection, key.id(), change));
  }

  private static boolean update(Connection connection, String id, StatusChange change)
      throws SQLException {
    LocalDateTime now = LocalDateTime.ofInstant(Instant.now(), ZoneOffset.UTC);
    try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
      update.setString(1, change.status().name());
      update.setObject(
          2,
          change.retryCount().isPresent() ? change.retryCount().getAsInt() : null,
          Types.INTEGER);
      update.setString(3, change.lastError().map(OutboxTable::lastError).orElse(null));
      update.setObject(4, change.status() == OutboxStatus.PUBLISHED ? now : null, Types.TIMESTAMP);
      update.setObject(5, now);
      update.setString(6, id);
      return update.executeUpdate() == 1;
    }
  }

  /**
   * Deletes PUBLISHED events of all shards after a retention time, 1,000 in a transaction. Skips
   * locked rows. Relays do this for the shards that they own.
   *
   * @param retention how long PUBLISHED events are kept; at most 100 years
   * @return the number of deleted rows of each shard
   * @throws IllegalArgumentException if the retention is negative or too long
   */
  public ShardResults<Long> cleanUp(Duration retention) {
    if (retention.isNegative() || retention.compareTo(LONGEST_RETENTION) > 0) {
      throw new IllegalArgumentException(
          "retention %s: it must be between 0 and 100 years".formatted(retention));
    }
    Instant before = Instant.now().minus(retention);
    return ofAll(shard -> cleanUp(shard, before));
  }

  private long cleanUp(ShardId shard, Instant before) {
    long deleted = 0;
    int last;
    do {
      last = inTransaction(shard, "cleanup", connection -> deleteBatch(connection, before));
      deleted += last;
    } while (last == CLEANUP_BATCH);
    return deleted;
  }

  private static int deleteBatch(Connection connection, Instant before) throws SQLException {
    List<String> ids = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(OLD)) {
      select.setObject(1, LocalDateTime.ofInstant(before, ZoneOffset.UTC));
      select.setInt(2, CLEANUP_BATCH);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
        }
      }
    }
    if (ids.isEmpty()) {
      return 0;
    }
    String placeholders = String.join(", ", Collections.nCopies(ids.size(), "?"));
    try (PreparedStatement delete =
        connection.prepareStatement(
            "DELETE FROM outbox_events WHERE id IN (" + placeholders + ")")) {
      for (int i = 0; i < ids.size(); i++) {
        delete.setString(i + 1, ids.get(i));
      }
      return delete.executeUpdate();
    }
  }

  private <T> ShardResults<T> ofAll(Function<ShardId, T> query) {
    Map<ShardId, T> values = new TreeMap<>();
    Map<ShardId, RepositoryException> failures = new TreeMap<>();
    for (ShardId shard : shards.shards()) {
      try {
        values.put(shard, query.apply(shard));
      } catch (RepositoryException e) {
        failures.put(shard, e);
      }
    }
    return new ShardResults<>(values, failures);
  }

  private <T> T inTransaction(ShardId shard, String what, TableTransaction.Work<T> work) {
    try {
      return TableTransaction.run(shards.get(shard), work);
    } catch (SQLException e) {
      throw new RepositoryException(shard, what, e);
    }
  }
}
