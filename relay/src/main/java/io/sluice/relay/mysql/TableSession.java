package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Opens connections for upkeep: guests on a server whose business goes first. */
public final class TableSession {

  /** No session variable may be set, by old or by new name of the privilege. */
  private static final int ER_SPECIFIC_ACCESS_DENIED = 1227;

  // A read ends before the driver gives up, which would leave the server reading on. The zone is
  // that in which a TIMESTAMP column is shown.
  private static final String SETTINGS =
      """
      SET SESSION innodb_lock_wait_timeout = 3, SESSION max_execution_time = 25000,
        SESSION time_zone = '+00:00'""";

  private TableSession() {}

  /** A connection without autocommit that waits for no lock for long; for the caller to close. */
  public static Connection open(ShardServer server, ShardTable table) throws SQLException {
    Connection connection = table.connect(server);
    try {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      connection.setAutoCommit(false);
      prepare(connection);
      return connection;
    } catch (SQLException e) {
      connection.close();
      throw e;
    }
  }

  private static void prepare(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SETTINGS);
      // A deletion is logged as its key alone; the relay skips deletions and updates anyway.
      statement.execute("SET SESSION binlog_row_image = MINIMAL");
    } catch (SQLException e) {
      if (e.getErrorCode() != ER_SPECIFIC_ACCESS_DENIED) {
        throw e;
      }
    }
  }
}
