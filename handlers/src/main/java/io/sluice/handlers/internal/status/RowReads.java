package io.sluice.handlers.internal.status;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLDataException;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads delivery columns by locking reads. MySQL writes an insert to its binlog before it makes it
 * visible to snapshots, so an event can arrive before its row is visible. A plain SELECT would then
 * find no row, but a locking read finds that the row is locked.
 */
public final class RowReads {

  /** {@code ER_LOCK_NOWAIT}. */
  private static final int LOCKED = 3572;

  private static final int PAGE = 1_000;

  /** An id that no row has. */
  static final String ABSENT = "-";

  // Without the hint, the server may scan a small table and lock rows that were not requested.
  // TIMESTAMPDIFF returns NULL for invalid times, which writers without strict mode can store.
  // Reading the column itself would make the driver throw.
  private static final String COLUMNS =
      """
      SELECT id, status, retry_count, max_retries, headers->>'$."outbox-redrive"',
        TIMESTAMPDIFF(MICROSECOND, '1970-01-01', updated_at),
        IF(status = 'FAILED', last_error, NULL)""";

  // As bytes, because the driver decodes text by the connection's character set. That need not have
  // every character of the payload.
  private static final String AND_PAYLOAD =
      """
      , IF(CHARSET(event_data) = 'binary', event_data,
          CAST(CONVERT(event_data USING utf8mb4) AS BINARY))""";

  private static final int PAYLOAD = 8;

  private static final String FROM = " FROM outbox_events FORCE INDEX (PRIMARY) ";

  private static final String NOWAIT = "FOR SHARE NOWAIT";

  private static final String ONE = COLUMNS + FROM + "WHERE id = ? " + NOWAIT;

  private static final String FREE = "FOR SHARE SKIP LOCKED";

  // A page of all failed rows, because the index does not have the domain. Otherwise, a statement
  // would read all rows of other domains to find one.
  private static final String FAILED_HEADS =
      """
      SELECT page.id,
        failed.domain = ?
          AND (failed.last_error IS NULL OR failed.last_error NOT LIKE 'parked behind %'),
        CAST(failed.aggregate_type AS BINARY), CAST(failed.aggregate_id AS BINARY)
      FROM (
        SELECT id FROM outbox_events FORCE INDEX (outbox_events_status)
        WHERE status = 'FAILED' AND published_at IS NULL AND id > ?
        ORDER BY id LIMIT ?
      ) page STRAIGHT_JOIN outbox_events failed ON failed.id = page.id
      ORDER BY page.id LIMIT ?
      """;

  private static final String READ_ONLY = "SELECT @@GLOBAL.read_only";

  private static final String IS_EXECUTED = ", GTID_SUBSET(?, @@GLOBAL.gtid_executed)";

  private static final List<OutboxStatus> STATUSES = List.of(OutboxStatus.values());

  private RowReads() {}

  /** Reads the rows with these ids, except those that other transactions have locked. */
  static Map<String, FoundRow> free(
      Connection connection, Collection<String> ids, boolean withPayload) throws SQLException {
    return withPayload
        ? select(connection, COLUMNS + AND_PAYLOAD, ids, FREE, row -> found(row, true))
        : select(connection, COLUMNS, ids, FREE, row -> found(row, false));
  }

  /** Reads the rows with these ids without waiting for their locks. */
  static Map<String, FoundRow> each(Connection connection, Collection<String> ids)
      throws SQLException {
    Map<String, FoundRow> found = new HashMap<>();
    try {
      found.putAll(select(connection, COLUMNS, ids, NOWAIT, row -> found(row, false)));
      ids.forEach(id -> found.putIfAbsent(id, new FoundRow.Gone()));
    } catch (SQLException e) {
      if (e.getErrorCode() != LOCKED) {
        throw e;
      }
      // The statement does not tell which row is locked.
      for (String id : ids) {
        found.put(id, one(connection, id));
      }
    }
    return found;
  }

  /** Reads a row that does not exist. Fails if the shard refuses all reads. */
  static void probe(Connection connection) throws SQLException {
    free(connection, List.of(ABSENT), false);
  }

  /**
   * Locks and returns the rows with these ids, except those that other transactions have locked.
   */
  public static Map<String, RowState> locking(Connection connection, Collection<String> ids)
      throws SQLException {
    return select(connection, COLUMNS, ids, "FOR UPDATE SKIP LOCKED", RowReads::state);
  }

  private interface RowMapper<R> {
    R map(ResultSet row) throws SQLException;
  }

  private static <R> Map<String, R> select(
      Connection connection,
      String columns,
      Collection<String> ids,
      String lock,
      RowMapper<R> mapper)
      throws SQLException {
    // With a limit, because a session may have its own (sql_select_limit). As one text, because the
    // driver takes longer to find and fill the places of a prepared statement than to send it.
    StringBuilder sql = new StringBuilder(columns).append(FROM).append("WHERE id IN (");
    IdLiterals.append(sql, ids);
    sql.append(") LIMIT ").append(ids.size()).append(' ').append(lock);
    try (Statement select = connection.createStatement();
        ResultSet rows = select.executeQuery(sql.toString())) {
      Map<String, R> found = new HashMap<>();
      while (rows.next()) {
        found.put(rows.getString(1), mapper.map(rows));
      }
      return found;
    }
  }

  static String places(int count) {
    return String.join(", ", Collections.nCopies(count, "?"));
  }

  /** Reads a row without waiting for its lock. */
  public static FoundRow one(Connection connection, String id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(ONE)) {
      select.setString(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? found(row, false) : new FoundRow.Gone();
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == LOCKED) {
        return new FoundRow.Locked();
      }
      throw e;
    }
  }

  /**
   * Reads a page of failed events, and adds the aggregates of those that are not parked.
   *
   * @return whether there may be more
   */
  static boolean addFailedHeads(
      Connection connection, ShardId shard, RowRequest.FailedHeads request) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(FAILED_HEADS)) {
      select.setString(1, request.domain().name());
      select.setString(2, request.lastRead());
      select.setInt(3, PAGE);
      select.setInt(4, PAGE);
      try (ResultSet rows = select.executeQuery()) {
        int read = 0;
        while (rows.next()) {
          String id = rows.getString(1);
          request.read(
              id,
              rows.getBoolean(2)
                  ? Optional.of(new AggregateKey(shard, text(rows, 3), text(rows, 4)))
                  : Optional.empty());
          read++;
        }
        return read == PAGE;
      }
    }
  }

  /**
   * Returns the transactions that the server has not executed. Rows that they wrote may still
   * arrive.
   *
   * @param transactions GTIDs, at most as many as a statement may have columns
   * @throws SQLException if the query fails, or if the server is read-only and thus not
   *     authoritative
   */
  static Set<String> notExecuted(Connection connection, Set<String> transactions)
      throws SQLException {
    String sql = READ_ONLY + IS_EXECUTED.repeat(transactions.size());
    try (PreparedStatement select = connection.prepareStatement(sql)) {
      int place = 1;
      for (String transaction : transactions) {
        select.setString(place++, transaction);
      }
      try (ResultSet server = select.executeQuery()) {
        server.next();
        if (server.getBoolean(1)) {
          throw RowRefusal.readOnly();
        }
        Set<String> notExecuted = new HashSet<>();
        int column = 2;
        for (String transaction : transactions) {
          if (!server.getBoolean(column++)) {
            notExecuted.add(transaction);
          }
        }
        return notExecuted;
      }
    }
  }

  /** Whether the server refuses writes, and thus is not the shard's primary. */
  public static boolean isReadOnly(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(READ_ONLY);
        ResultSet server = select.executeQuery()) {
      server.next();
      return server.getBoolean(1);
    }
  }

  /** A value that cannot be read concerns its row only, and not the rows read with it. */
  private static FoundRow found(ResultSet row, boolean withPayload) throws SQLException {
    try {
      return withPayload
          ? new FoundRow.Present(state(row), Optional.of(payload(row)))
          : FoundRow.Present.withoutPayload(state(row));
    } catch (SQLException e) {
      if (RowRefusal.of(e) != RowRefusal.INVALID) {
        throw e;
      }
      return new FoundRow.Unreadable(String.valueOf(e.getMessage()));
    }
  }

  private static String text(ResultSet row, int column) throws SQLException {
    return new String(row.getBytes(column), StandardCharsets.UTF_8);
  }

  private static RowState state(ResultSet row) throws SQLException {
    return new RowState(
        status(row.getString(1), row.getString(2)),
        // A negative count, which grants more attempts, counts as zero.
        Math.max(0, row.getInt(3)),
        row.getInt(4),
        RowState.redrives(row.getString(5)),
        // NULL is read as 0, so the epoch.
        Instant.EPOCH.plus(row.getLong(6), ChronoUnit.MICROS),
        ParkedBehind.of(row.getString(7)));
  }

  /** Returns the payload as the relay writes it to the record: bytes unchanged, text in UTF-8. */
  private static byte[] payload(ResultSet row) throws SQLException {
    byte @Nullable [] payload = row.getBytes(PAYLOAD);
    if (payload == null) {
      throw new SQLDataException(
          "event %s has no event_data: correct the row".formatted(row.getString(1)),
          RowRefusal.DATA_EXCEPTION);
    }
    return payload;
  }

  private static OutboxStatus status(String id, @Nullable String name) throws SQLException {
    for (OutboxStatus status : STATUSES) {
      if (status.name().equals(name)) {
        return status;
      }
    }
    String problem =
        "event %s has the status '%s', none of %s: correct the row".formatted(id, name, STATUSES);
    throw new SQLDataException(problem, RowRefusal.DATA_EXCEPTION);
  }
}
