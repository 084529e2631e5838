package io.sluice.relay.upkeep;

import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.stats.ShardStatistics;
import io.sluice.relay.stats.ShardStatistics.Counter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Removes rows that have served: a few at a time, by primary key, passing over those somebody else
 * holds, and no faster than allowed.
 */
final class OutboxCleaner implements UpkeepTask {

  private static final Duration NOTHING_LEFT = Duration.ofMinutes(1);

  // Both follow the index (status, published_at), whose entries end with the primary key.
  private static final String PUBLISHED =
      """
      SELECT {id} FROM {table}
      WHERE {status} = 'PUBLISHED' AND {published_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
      ORDER BY {published_at} LIMIT ? FOR UPDATE SKIP LOCKED""";

  private static final String FAILED =
      """
      SELECT {id} FROM {table}
      WHERE {status} = 'FAILED' AND {published_at} IS NULL
        AND {updated_at} < UTC_TIMESTAMP(6) - INTERVAL ? SECOND
      LIMIT ? FOR UPDATE SKIP LOCKED""";

  private static final String DELETE = "DELETE FROM {table} WHERE {id} IN (%s)";

  private final ShardServer server;
  private final ShardTable table;
  private final CleanupSettings settings;
  private final ShardStatistics statistics;

  OutboxCleaner(
      ShardServer server, ShardTable table, CleanupSettings settings, ShardStatistics statistics) {
    this.server = server;
    this.table = table;
    this.settings = settings;
    this.statistics = statistics;
  }

  @Override
  public String name() {
    return "cleanup of " + table.name();
  }

  @Override
  public Duration runOnce() throws SQLException {
    try (Connection connection = UpkeepSession.open(server, table)) {
      int removed =
          remove(connection, PUBLISHED, settings.published())
              + remove(connection, FAILED, settings.failed());
      statistics.add(Counter.CLEANED_ROWS, removed);
      return removed < settings.batchRows() ? NOTHING_LEFT : pause(removed);
    }
  }

  private Duration pause(int removed) {
    return Duration.ofMillis(1_000L * removed / settings.rowsPerSecond());
  }

  private int remove(Connection connection, String query, Optional<Duration> retention)
      throws SQLException {
    if (retention.isEmpty()) {
      return 0;
    }
    List<Object> ids = find(connection, query, retention.get());
    if (!ids.isEmpty()) {
      delete(connection, ids);
    }
    connection.commit();
    return ids.size();
  }

  private List<Object> find(Connection connection, String query, Duration retention)
      throws SQLException {
    List<Object> ids = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(TableSql.fill(query, table))) {
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

  private void delete(Connection connection, List<Object> ids) throws SQLException {
    String places = String.join(",", Collections.nCopies(ids.size(), "?"));
    try (PreparedStatement delete =
        connection.prepareStatement(TableSql.fill(DELETE, table).formatted(places))) {
      for (int i = 0; i < ids.size(); i++) {
        delete.setObject(i + 1, ids.get(i));
      }
      delete.executeUpdate();
    }
  }
}
