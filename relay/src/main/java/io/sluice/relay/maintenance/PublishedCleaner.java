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
 * Removes PUBLISHED rows after their retention, in small batches by primary key and at a limited
 * rate. Rows that another transaction has locked are skipped.
 */
final class PublishedCleaner implements TableTask {

  private static final Duration IDLE_INTERVAL = Duration.ofMinutes(1);

  // Follows the index (status, published_at), whose entries end with the primary key.
  private static final String PUBLISHED =
      """
      SELECT {id} FROM {table}%s
      WHERE {status} = 'PUBLISHED' AND {published_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
      ORDER BY {published_at} LIMIT ? FOR UPDATE SKIP LOCKED\
      """;

  private final ShardServer server;
  private final ShardTable table;
  private final CleanupSettings settings;
  private final Duration retention;
  private final ShardStatistics statistics;

  PublishedCleaner(
      ShardServer server, ShardTable table, CleanupSettings settings, ShardStatistics statistics) {
    this.server = server;
    this.table = table;
    this.settings = settings;
    this.retention = settings.published().orElseThrow();
    this.statistics = statistics;
  }

  @Override
  public String name() {
    return "cleanup of PUBLISHED rows of " + table.name();
  }

  @Override
  public Duration runOnce() throws SQLException {
    try (Connection connection = TableSession.open(server, table)) {
      int removed = remove(connection);
      statistics.add(Counter.CLEANED_ROWS, removed);
      return removed < settings.batchRows() ? IDLE_INTERVAL : pause(removed);
    }
  }

  private Duration pause(int removed) {
    return Duration.ofMillis(1_000L * removed / settings.rowsPerSecond());
  }

  private int remove(Connection connection) throws SQLException {
    List<Object> ids = find(connection);
    RowRemoval.remove(connection, table, ids);
    connection.commit();
    return ids.size();
  }

  private List<Object> find(Connection connection) throws SQLException {
    List<Object> ids = new ArrayList<>();
    String index =
        TableIndex.inQuery(connection, table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT);
    String statement = TableSql.fill(PUBLISHED.formatted(index), table);
    try (PreparedStatement select = connection.prepareStatement(statement)) {
      select.setLong(1, retention.toSeconds());
      select.setInt(2, settings.batchRows());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          ids.add(rows.getObject(1));
        }
      }
    }
    return ids;
  }
}
