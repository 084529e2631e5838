package io.sluice.relay.mysql;

import io.sluice.outbox.RecordHeaders;
import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.EventCopy;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.util.List;
import java.util.Optional;

/**
 * Access to an outbox table for maintenance, with low limits so that it does not disturb the
 * services that use the server.
 *
 * @param server server of the table
 * @param table the table
 */
public record TableAccess(ShardServer server, ShardTable table) {

  /**
   * SQL expression for the number of redrives of a row's event. Reads the headers as text, because
   * MySQL's functions for JSON fail for the whole statement if the text of one row is nested too
   * deeply. Nothing else in an object of strings looks like this header. The headers column may be
   * of type JSON or text.
   */
  public static final String REDRIVE =
      """
      IF(LOCATE('"%1$s":', %2$s) > 0, SUBSTRING_INDEX(SUBSTRING_INDEX(
        SUBSTRING_INDEX(%2$s, '"%1$s":', -1), '"', 2), '"', -1), '%3$s')"""
          .formatted(
              RecordHeaders.REDRIVE,
              "CONVERT(headers USING utf8mb4) COLLATE utf8mb4_bin",
              EventCopy.FIRST);

  /** The account may not set session variables. */
  private static final int ER_SPECIFIC_ACCESS_DENIED = 1227;

  // The limit of a query is below the socket timeout, after which the server would keep reading.
  private static final String SETTINGS =
      "SET SESSION innodb_lock_wait_timeout = 3, SESSION max_execution_time = 25000";

  /** The tables of a source that are maintained, because their rows have a status. */
  public static List<TableAccess> maintained(ShardSource source) {
    return source.tables().stream()
        .filter(table -> table.layout().hasDelivery())
        .map(table -> new TableAccess(source.server(), table))
        .toList();
  }

  public ShardId shard() {
    return table.shard();
  }

  /** Qualified name of the table, for messages. */
  public String name() {
    return table.name();
  }

  /** Replaces {@code {table}} in a statement by the table's quoted name. */
  public String sql(String statement) {
    return statement.replace("{table}", quoted(table.layout().table()));
  }

  static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }

  /** Opens a connection without autocommit and with a short lock timeout. The caller closes it. */
  public Connection connect() throws SQLException {
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

  /**
   * Reads a column of times, which are UTC.
   *
   * @return empty if it is NULL or not a date, such as '0000-00-00' or '2024-02-31'
   */
  public static Optional<Instant> time(ResultSet row, String column) throws SQLException {
    try {
      return Optional.ofNullable(row.getObject(column, LocalDateTime.class))
          .flatMap(OutboxRow::time);
    } catch (DateTimeException e) {
      return Optional.empty();
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
