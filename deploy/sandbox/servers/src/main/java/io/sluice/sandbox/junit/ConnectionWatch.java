package io.sluice.sandbox.junit;

import com.mysql.cj.exceptions.MysqlErrorNumbers;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.api.CleanUpException;
import io.sluice.sandbox.server.process.Await;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Finds open connections that a test class left behind.
 *
 * @param mysql the server
 * @param users the accounts of the test class
 * @param databases the databases of the test class
 */
record ConnectionWatch(MySqlServer mysql, List<String> users, List<String> databases) {
  private static final String PROCESSES =
      "SELECT id, user, host, db, command, state, info FROM performance_schema.processlist";

  /**
   * Writes an event to the binary log. The server notices that a reader of the log has disconnected
   * only when it sends an event to that reader.
   */
  private static final String EVENT = "DROP DATABASE IF EXISTS sluice_sandbox_nothing";

  /**
   * Waits until no connection is left. When the bound has passed, kills the remaining connections,
   * because they would block the drop of tables.
   *
   * @return a description of each connection that was killed
   */
  List<String> leaks(Duration bound) {
    if (users.isEmpty()) {
      return List.of();
    }
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      Await.until(bound, () -> noneIsLeft(statement));
      List<Row> rows = rows(statement);
      for (Row row : rows) {
        kill(statement, row);
      }
      return rows.stream().map(Row::text).toList();
    } catch (SQLException e) {
      throw new CleanUpException("The connections to MySQL cannot be listed: " + e.getMessage(), e);
    }
  }

  private boolean noneIsLeft(Statement statement) {
    try {
      List<Row> rows = rows(statement);
      if (rows.stream().anyMatch(Row::readsTheLog)) {
        statement.execute(EVENT);
      }
      return rows.isEmpty();
    } catch (SQLException e) {
      throw new CleanUpException("The connections to MySQL cannot be listed: " + e.getMessage(), e);
    }
  }

  private List<Row> rows(Statement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet result = statement.executeQuery(PROCESSES)) {
      while (result.next()) {
        Row row = Row.of(result);
        if (users.contains(row.user()) || databases.contains(row.database())) {
          rows.add(row);
        }
      }
    }
    return rows;
  }

  private static void kill(Statement statement, Row row) throws SQLException {
    try {
      statement.execute("KILL " + row.id());
    } catch (SQLException e) {
      if (e.getErrorCode() != MysqlErrorNumbers.ER_NO_SUCH_THREAD) {
        throw e;
      }
    }
  }

  private record Row(
      long id, String user, String host, String database, String command, String doing) {
    static Row of(ResultSet result) throws SQLException {
      return new Row(
          result.getLong("id"),
          text(result, "user"),
          text(result, "host"),
          text(result, "db"),
          text(result, "command"),
          text(result, "info").isEmpty() ? text(result, "state") : text(result, "info"));
    }

    boolean readsTheLog() {
      return command.startsWith("Binlog Dump");
    }

    String text() {
      return "  connection %d of %s from %s to database '%s', %s: %s"
          .formatted(id, user, host, database, command, doing);
    }

    private static String text(ResultSet result, String column) throws SQLException {
      return Optional.ofNullable(result.getString(column)).orElse("");
    }
  }
}
