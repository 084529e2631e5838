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
 * Removes FAILED rows that have been kept long enough. No index knows how long, so it goes through
 * all FAILED rows, a page at a time and without locking them; those it removes it looks at once
 * more, and passes over those somebody else holds.
 */
final class FailedCleaner implements TableTask {

  private static final Duration LONGEST_REST = Duration.ofHours(1);
  private static final Duration SHORTEST_REST = Duration.ofMinutes(1);
  private static final int RESTS_IN_RETENTION = 24;

  // Follows the index (status, published_at), whose entries end with the primary key.
  private static final String PAGE =
      """
      SELECT {id}, {updated_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND FROM {table}%s
      WHERE {status} = 'FAILED' AND {published_at} IS NULL AND {id} > ?
      ORDER BY {id} LIMIT ?""";

  private static final String STILL_OLD =
      """
      SELECT {id} FROM {table}%s
      WHERE {id} IN (%s) AND {status} = 'FAILED'
        AND {updated_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
      FOR UPDATE SKIP LOCKED""";

  private final ShardServer server;
  private final ShardTable table;
  private final CleanupSettings settings;
  private final Duration retention;
  private final ShardStatistics statistics;

  /** The id up to which this round has come, as the column has it; of the upkeep's thread alone. */
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

  /** A round reads every FAILED row, so rounds are rare compared with how long rows are kept. */
  private Duration rest() {
    Duration part = retention.dividedBy(RESTS_IN_RETENTION);
    Duration bounded = part.compareTo(LONGEST_REST) > 0 ? LONGEST_REST : part;
    return bounded.compareTo(SHORTEST_REST) < 0 ? SHORTEST_REST : bounded;
  }

  /** Looks at one page and removes what is old; tells how many rows it had. */
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

  /** Locked, so that nobody redrives one before it is removed. */
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
