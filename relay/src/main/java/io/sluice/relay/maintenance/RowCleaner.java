package io.sluice.relay.maintenance;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.StepPace;
import io.sluice.relay.mysql.TableAccess;
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
 * Removes PUBLISHED and FAILED rows after their retention, in short steps with rests in between.
 * Rows that another transaction has locked are skipped. Used by one thread.
 */
final class RowCleaner {

  private static final int ER_LOCK_WAIT_TIMEOUT = 1205;
  private static final Duration PUBLISHED_REST = Duration.ofMinutes(1);
  private static final Duration MAX_FAILED_REST = Duration.ofHours(1);
  private static final Duration MIN_FAILED_REST = Duration.ofMinutes(1);
  private static final int FAILED_ROUNDS_PER_RETENTION = 24;

  /** After it, rows that were locked, or that got an earlier time, are looked for again. */
  private static final Duration PUBLISHED_ROUND = Duration.ofHours(1);

  private static final LocalDateTime FIRST = LocalDateTime.of(1970, 1, 1, 0, 0);

  // Reads only the index (status, published_at), whose entries end with the primary key. Begins
  // where the last rows were removed: their entries stay until a dump that runs for hours lets go.
  private static final String PUBLISHED =
      """
      SELECT id, published_at FROM {table}%s
      WHERE status = 'PUBLISHED' AND published_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
        AND published_at >= ? AND (published_at > ? OR id > ?)
      ORDER BY published_at, id LIMIT ?\
      """;

  // Follows the same index.
  private static final String FAILED_PAGE =
      """
      SELECT id, updated_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM {table}%s
      WHERE status = 'FAILED' AND published_at IS NULL AND id > ?
      ORDER BY id LIMIT ?\
      """;

  private static final String OLD_PUBLISHED =
      "status = 'PUBLISHED' AND published_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND";

  private static final String OLD_FAILED =
      "status = 'FAILED' AND updated_at < UTC_TIMESTAMP(6) - INTERVAL ? SECOND";

  private static final String DELETE = "DELETE%s FROM {table} WHERE id IN (%s) AND %s";

  private static final String UNLOCKED =
      "SELECT id FROM {table}%s WHERE id IN (%s) AND %s FOR UPDATE SKIP LOCKED";

  private final TableAccess table;
  private final KeptConnection kept;
  private final ShardStatistics statistics;
  private final StepPace pace = new StepPace();

  /** The last id that the current round over the FAILED rows has read. */
  private String seenUpTo = "";

  /** Time and id of the last PUBLISHED row that the current round has passed. */
  private LocalDateTime passedTime = FIRST;

  private String passedId = "";

  private long roundBegin = System.nanoTime();

  RowCleaner(TableAccess table, KeptConnection kept, ShardStatistics statistics) {
    this.table = table;
    this.kept = kept;
    this.statistics = statistics;
  }

  /** Removes the next PUBLISHED rows that are older than this. */
  Duration removePublished(Duration retention) throws SQLException {
    long begin = System.nanoTime();
    if (begin - roundBegin > PUBLISHED_ROUND.toNanos()) {
      roundBegin = begin;
      passedTime = FIRST;
      passedId = "";
    }
    Connection connection = kept.to(table);
    int most = pace.rows();
    try (PreparedStatement select =
        connection.prepareStatement(table.sql(PUBLISHED.formatted(statusIndex())))) {
      select.setLong(1, retention.toSeconds());
      select.setObject(2, passedTime);
      select.setObject(3, passedTime);
      select.setString(4, passedId);
      select.setInt(5, most);
      List<String> ids = new ArrayList<>();
      LocalDateTime last = passedTime;
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getString(1));
          last = time(rows).orElse(last);
        }
      }
      connection.commit();
      remove(ids, OLD_PUBLISHED, retention);
      passedTime = last;
      passedId = ids.isEmpty() ? passedId : ids.get(ids.size() - 1);
      return ids.size() < most ? PUBLISHED_REST : rest(begin);
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
   * age, so each round reads all FAILED rows, page by page.
   */
  Duration removeFailed(Duration retention) throws SQLException {
    long begin = System.nanoTime();
    int most = pace.rows();
    if (removeFailed(retention, most) == most) {
      return rest(begin);
    }
    seenUpTo = "";
    return failedRest(retention);
  }

  private Duration rest(long begin) {
    return pace.rest(Duration.ofNanos(System.nanoTime() - begin));
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
  int removeFailed(Duration retention, int most) throws SQLException {
    Connection connection = kept.to(table);
    List<String> old = new ArrayList<>();
    int read = 0;
    try (PreparedStatement page =
        connection.prepareStatement(table.sql(FAILED_PAGE.formatted(statusIndex())))) {
      page.setLong(1, retention.toSeconds());
      page.setString(2, seenUpTo);
      page.setInt(3, most);
      try (ResultSet rows = page.executeQuery()) {
        for (; rows.next(); read++) {
          seenUpTo = rows.getString(1);
          if (rows.getBoolean(2)) {
            old.add(seenUpTo);
          }
        }
      }
    }
    connection.commit();
    remove(old, OLD_FAILED, retention);
    return read;
  }

  /**
   * Removes the rows that still meet the condition, because they were read without locks. Rows that
   * another transaction has locked are rare, so they are looked for only if they cause a timeout.
   */
  private void remove(List<String> ids, String condition, Duration retention) throws SQLException {
    try {
      delete(ids, condition, retention);
    } catch (SQLException e) {
      if (e.getErrorCode() != ER_LOCK_WAIT_TIMEOUT) {
        throw e;
      }
      kept.to(table).rollback();
      delete(unlocked(ids, condition, retention), condition, retention);
    }
  }

  private void delete(List<String> ids, String condition, Duration retention) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    Connection connection = kept.to(table);
    String index = kept.inDeletion(table, OutboxTable.ID);
    try (PreparedStatement delete =
        connection.prepareStatement(
            table.sql(DELETE.formatted(index, placeholders(ids), condition)))) {
      bind(delete, ids, retention);
      int removed = delete.executeUpdate();
      connection.commit();
      statistics.add(Counter.CLEANED_ROWS, removed);
    }
  }

  /** Locks the rows that no other transaction has locked. */
  private List<String> unlocked(List<String> ids, String condition, Duration retention)
      throws SQLException {
    String index = kept.inQuery(table, OutboxTable.ID);
    List<String> unlocked = new ArrayList<>();
    try (PreparedStatement select =
        kept.to(table)
            .prepareStatement(table.sql(UNLOCKED.formatted(index, placeholders(ids), condition)))) {
      bind(select, ids, retention);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          unlocked.add(rows.getString(1));
        }
      }
    }
    return unlocked;
  }

  private String statusIndex() throws SQLException {
    return kept.inQuery(table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT);
  }

  private static String placeholders(List<String> ids) {
    return String.join(",", Collections.nCopies(ids.size(), "?"));
  }

  private static void bind(PreparedStatement statement, List<String> ids, Duration retention)
      throws SQLException {
    for (int i = 0; i < ids.size(); i++) {
      statement.setString(1 + i, ids.get(i));
    }
    statement.setLong(1 + ids.size(), retention.toSeconds());
  }
}
