package io.sluice.relay.preflight;

import io.sluice.relay.publish.Delivery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Checks a server's settings. */
final class ServerCheck {

  private static final String VARIABLES =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('log_bin', 'gtid_mode', 'binlog_format', 'binlog_row_image', 'binlog_row_value_options',
         'sync_binlog', 'innodb_flush_log_at_trx_commit', 'log_replica_updates')
      """;

  private final Map<String, String> variables = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private ServerCheck() {}

  static List<Finding> findings(Connection connection, Delivery delivery) throws SQLException {
    ServerCheck check = new ServerCheck();
    check.read(connection);
    check.evaluate(delivery);
    return check.findings;
  }

  private void read(Connection connection) throws SQLException {
    try (PreparedStatement query = connection.prepareStatement(VARIABLES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        variables.put(rows.getString(1), rows.getString(2));
      }
    }
  }

  private void evaluate(Delivery delivery) {
    require("log_bin", "ON", "start the server with --log-bin");
    require(
        "log_replica_updates",
        "ON",
        "start the server with --log-replica-updates, otherwise it does not log replicated"
            + " transactions");
    require("binlog_format", "ROW", "SET PERSIST binlog_format = 'ROW'");
    require("binlog_row_image", "FULL", "SET PERSIST binlog_row_image = FULL");
    require(
        "binlog_row_value_options",
        "",
        "set it to the empty value: inserts must be logged in full");
    if (delivery == Delivery.EXACTLY_ONCE) {
      require(
          "gtid_mode",
          "ON",
          "turn GTID mode on, step by step, or set 'delivery: at-least-once' in the relay");
      require("sync_binlog", "1", MAKE_DURABLE.formatted("sync_binlog"));
      require(
          "innodb_flush_log_at_trx_commit",
          "1",
          MAKE_DURABLE.formatted("innodb_flush_log_at_trx_commit"));
    } else {
      advise("sync_binlog", "1", MAKE_DURABLE.formatted("sync_binlog"));
      advise(
          "innodb_flush_log_at_trx_commit",
          "1",
          MAKE_DURABLE.formatted("innodb_flush_log_at_trx_commit"));
    }
  }

  private static final String MAKE_DURABLE =
      "SET PERSIST %s = 1, otherwise a crash of the machine may undo transactions that were"
          + " published";

  private void require(String name, String expected, String remedy) {
    deviation(name, expected).ifPresent(problem -> findings.add(Finding.error(problem, remedy)));
  }

  private void advise(String name, String expected, String remedy) {
    deviation(name, expected).ifPresent(problem -> findings.add(Finding.warning(problem, remedy)));
  }

  // A missing variable is no finding: later versions remove variables that have only one value.
  private Optional<String> deviation(String name, String expected) {
    String actual = variables.getOrDefault(name, expected);
    return actual.equalsIgnoreCase(expected)
        ? Optional.empty()
        : Optional.of("%s is '%s', not '%s'".formatted(name, actual, expected));
  }
}
