package io.sluice.relay.maintenance;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.RowRemoval;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.mysql.TableSession;
import io.sluice.relay.mysql.TableSql;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes FAILED rows after their retention. No index covers their age, so each round reads all
 * FAILED rows, page by page and without locks. Rows to be removed are read again with a lock; rows
 * that another transaction has locked are skipped.
 */
final class FailedCleaner implements TableTask {

  private static final Duration MAX_REST = Duration.ofHours(1);
  private static final Duration MIN_REST = Duration.ofMinutes(1);
  private static final int ROUNDS_PER_RETENTION = 24;

  // Follows the index (status, published_at), whose entries end with the primary key.
  private static final String PAGE =
      """
      SELECT {id}, {updated_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM {table}%s
      WHERE {status} = 'FAILED' AND {published_at} IS NULL AND {id} > ?
      ORDER BY {id} LIMIT ?\
      """;

  private static final String STILL_OLD =
      """
      SELECT {id} FROM {table}%s
      WHERE {id} IN (%s) AND {status} = 'FAILED'
        AND {updated_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
      FOR UPDATE SKIP LOCKED\
      """;

  private final ShardServer server;
  private final ShardTable table;
  private final CleanupSettings settings;
  private final Duration retention;
  private final ShardStatistics statistics;

  /**
   * The last id that this round has read, as a column value. Used by the maintenance thread only.
   */
  private Object seenUpTo = "";

  FailedCleaner(
      ShardServer server, ShardTable table, CleanupSettings settings, ShardStatistics statistics) {
    this.server = server;
    this.table = table;
    this.settings = settings;
    this.retention = settings.failed().orElseThrow();
    this.statistics = statistics;
  }

  @Override
  public String name() {
    return "cleanup of FAILED rows of " + table.name();
  }

  @Override
  public Duration runOnce() throws SQLException {
    try (Connection connection = TableSession.open(server, table)) {
      int read = step(connection);
      if (read < settings.batchRows()) {
        seenUpTo = "";
        return rest();
      }
      return Duration.ofMillis(1_000L * read / settings.rowsPerSecond());
    }
  }

  /** A round reads every FAILED row, so rounds are rare in relation to the retention. */
  private Duration rest() {
    Duration part = retention.dividedBy(ROUNDS_PER_RETENTION);
    Duration bounded = part.compareTo(MAX_REST) > 0 ? MAX_REST : part;
    return bounded.compareTo(MIN_REST) < 0 ? MIN_REST : bounded;
  }

  /**
   * Reads one page and removes its old rows.
   *
   * @return the number of rows on the page
   */
  int step(Connection connection) throws SQLException {
    List<Object> old = new ArrayList<>();
    int read = page(connection, old);
    if (!old.isEmpty()) {
      List<Object> removable = stillOld(connection, old);
      RowRemoval.remove(connection, table, removable);
      statistics.add(Counter.CLEANED_ROWS, removable.size());
    }
    connection.commit();
    return read;
  }

  private int page(Connection connection, List<Object> old) throws SQLException {
    int read = 0;
    String index =
        TableIndex.inQuery(connection, table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT);
    String query = TableSql.fill(PAGE.formatted(index), table);
    try (PreparedStatement select = connection.prepareStatement(query)) {
      select.setLong(1, retention.toSeconds());
      select.setObject(2, seenUpTo);
      select.setInt(3, settings.batchRows());
      try (ResultSet rows = select.executeQuery()) {
        for (; rows.next(); read++) {
          seenUpTo = rows.getObject(1);
          if (rows.getBoolean(2)) {
            old.add(seenUpTo);
          }
        }
      }
    }
    return read;
  }

  /** Locks the rows, so that none is redriven before it is removed. */
  private List<Object> stillOld(Connection connection, List<Object> ids) throws SQLException {
    String index = TableIndex.inQuery(connection, table, OutboxTable.ID);
    String query = TableSql.fill(STILL_OLD.formatted(index, RowRemoval.places(ids)), table);
    List<Object> found = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(query)) {
      RowRemoval.bind(select, ids);
      select.setLong(ids.size() + 1, retention.toSeconds());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getObject(1));
        }
      }
    }
    return found;
  }
}
