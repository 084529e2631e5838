package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Opens connections for maintenance, with low limits so that they do not disturb the services that
 * use the server.
 */
public final class TableSession {

  /** The account may not set session variables. */
  private static final int ER_SPECIFIC_ACCESS_DENIED = 1227;

  // The limit of a query is below the socket timeout, after which the server would keep reading.
  // TIMESTAMP columns are shown in the session's time zone.
  private static final String SETTINGS =
      """
      SET SESSION innodb_lock_wait_timeout = 3, SESSION max_execution_time = 25000,
        SESSION time_zone = '+00:00'""";

  private TableSession() {}

  /** Opens a connection without autocommit and with a short lock timeout. The caller closes it. */
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
      // Logs only the key of a deleted row. The relay skips updates and deletions anyway.
      statement.execute("SET SESSION binlog_row_image = MINIMAL");
    } catch (SQLException e) {
      if (e.getErrorCode() != ER_SPECIFIC_ACCESS_DENIED) {
        throw e;
      }
    }
  }
}
