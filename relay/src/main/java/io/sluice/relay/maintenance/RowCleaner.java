package io.sluice.relay.maintenance;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Removes PUBLISHED and FAILED rows after their retention, in small batches by id and at a limited
 * rate. Rows that another transaction has locked are skipped. Used by one thread.
 */
final class RowCleaner {

  private static final Duration PUBLISHED_REST = Duration.ofMinutes(1);
  private static final Duration MAX_FAILED_REST = Duration.ofHours(1);
  private static final Duration MIN_FAILED_REST = Duration.ofMinutes(1);
  private static final int FAILED_ROUNDS_PER_RETENTION = 24;

  /** After it, rows that were locked, or that got an earlier time, are looked for again. */
  private static final Duration PUBLISHED_ROUND = Duration.ofHours(1);

  private static final LocalDateTime FIRST = LocalDateTime.of(1970, 1, 1, 0, 0);

  // Follows the index (status, published_at), whose entries end with the primary key. Begins where
  // the last rows were removed: their entries stay until a dump that runs for hours lets go.
  private static final String PUBLISHED =
      """
      SELECT id, published_at FROM {table}%s
      WHERE status = 'PUBLISHED' AND published_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
        AND published_at >= ?
      ORDER BY published_at LIMIT ? FOR UPDATE SKIP LOCKED\
      """;

  // Follows the same index.
  private static final String FAILED_PAGE =
      """
      SELECT id, updated_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM {table}%s
      WHERE status = 'FAILED' AND published_at IS NULL AND id > ?
      ORDER BY id LIMIT ?\
      """;

  private static final String FAILED =
      """
      SELECT id FROM {table}%s
      WHERE updated_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND AND status = 'FAILED' AND id IN (%s)
      FOR UPDATE SKIP LOCKED\
      """;

  private static final String DELETE = "DELETE%s FROM {table} WHERE id IN (%s)";

  private final TableAccess table;
  private final CleanupSettings settings;
  private final ShardStatistics statistics;

  /** The last id that the current round over the FAILED rows has read. */
  private String seenUpTo = "";

  /** The time of the last PUBLISHED row that the current round has removed. */
  private LocalDateTime removedUpTo = FIRST;

  private long roundBegin = System.nanoTime();

  RowCleaner(TableAccess table, CleanupSettings settings, ShardStatistics statistics) {
    this.table = table;
    this.settings = settings;
    this.statistics = statistics;
  }

  /** Removes the next PUBLISHED rows that are older than this. */
  Duration removePublished(Duration retention) throws SQLException {
    long begin = System.nanoTime();
    if (begin - roundBegin > PUBLISHED_ROUND.toNanos()) {
      roundBegin = begin;
      removedUpTo = FIRST;
    }
    try (Connection connection = table.connect();
        PreparedStatement select =
            connection.prepareStatement(table.sql(PUBLISHED.formatted(statusIndex(connection))))) {
      select.setLong(1, retention.toSeconds());
      select.setObject(2, removedUpTo);
      select.setInt(3, settings.batchRows());
      List<String> ids = new ArrayList<>();
      LocalDateTime last = removedUpTo;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
          last = time(rows).orElse(last);
        }
      }
      remove(connection, ids);
      removedUpTo = last;
      return ids.size() < settings.batchRows() ? PUBLISHED_REST : pause(ids.size(), begin);
    }
  }

  /** The time of a row; empty if it is not a date, such as '2024-02-31'. */
  private static Optional<LocalDateTime> time(ResultSet row) throws SQLException {
    try {
      return Optional.ofNullable(row.getObject(2, LocalDateTime.class));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  /**
   * Reads the next FAILED rows, and removes those that are older than this. No index covers their
   * age, so each round reads all FAILED rows, page by page and without locks. Rows to be removed
   * are read again with a lock.
   */
  Duration removeFailed(Duration retention) throws SQLException {
    long begin = System.nanoTime();
    try (Connection connection = table.connect()) {
      int read = removeFailed(connection, retention);
      if (read == settings.batchRows()) {
        return pause(read, begin);
      }
      seenUpTo = "";
      return failedRest(retention);
    }
  }

  /** What is left of the time for which this number of rows is the limit. */
  private Duration pause(int rows, long begin) {
    Duration left =
        Duration.ofMillis(1_000L * rows / settings.rowsPerSecond())
            .minusNanos(System.nanoTime() - begin);
    return left.isNegative() ? Duration.ZERO : left;
  }

  /** A round reads every FAILED row, so rounds are rare in relation to the retention. */
  private static Duration failedRest(Duration retention) {
    Duration part = retention.dividedBy(FAILED_ROUNDS_PER_RETENTION);
    Duration bounded = part.compareTo(MAX_FAILED_REST) > 0 ? MAX_FAILED_REST : part;
    return bounded.compareTo(MIN_FAILED_REST) < 0 ? MIN_FAILED_REST : bounded;
  }

  /**
   * Reads one page and removes its old rows.
   *
   * @return the number of rows on the page
   */
  int removeFailed(Connection connection, Duration retention) throws SQLException {
    List<String> old = new ArrayList<>();
    int read = 0;
    try (PreparedStatement page =
        connection.prepareStatement(table.sql(FAILED_PAGE.formatted(statusIndex(connection))))) {
      page.setLong(1, retention.toSeconds());
      page.setString(2, seenUpTo);
      page.setInt(3, settings.batchRows());
      try (ResultSet rows = page.executeQuery()) {
        for (; rows.next(); read++) {
          seenUpTo = rows.getString(1);
          if (rows.getBoolean(2)) {
            old.add(seenUpTo);
          }
        }
      }
    }
    if (!old.isEmpty()) {
      removeOld(connection, old, retention);
    }
    return read;
  }

  /** Locks the rows, so that none is redriven before it is removed. */
  private void removeOld(Connection connection, List<String> ids, Duration retention)
      throws SQLException {
    String index = TableIndex.inQuery(connection, table.table(), OutboxTable.ID);
    try (PreparedStatement select =
        connection.prepareStatement(table.sql(FAILED.formatted(index, placeholders(ids))))) {
      select.setLong(1, retention.toSeconds());
      bind(select, 2, ids);
      List<String> present = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          present.add(rows.getString(1));
        }
      }
      remove(connection, present);
    }
  }

  /** Removes rows that are locked, and commits. */
  private void remove(Connection connection, List<String> ids) throws SQLException {
    if (!ids.isEmpty()) {
      String index = TableIndex.inDeletion(connection, table.table(), OutboxTable.ID);
      try (PreparedStatement delete =
          connection.prepareStatement(table.sql(DELETE.formatted(index, placeholders(ids))))) {
        bind(delete, 1, ids);
        delete.executeUpdate();
      }
    }
    connection.commit();
    statistics.add(Counter.CLEANED_ROWS, ids.size());
  }

  private String statusIndex(Connection connection) throws SQLException {
    return TableIndex.inQuery(
        connection, table.table(), OutboxTable.STATUS, OutboxTable.PUBLISHED_AT);
  }

  private static String placeholders(List<String> ids) {
    return String.join(",", Collections.nCopies(ids.size(), "?"));
  }

  private static void bind(PreparedStatement statement, int first, List<String> ids)
      throws SQLException {
    for (int i = 0; i < ids.size(); i++) {
      statement.setString(first + i, ids.get(i));
    }
  }
}
