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

/** Looks at a server's settings. */
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
    check.judge(delivery);
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

  private void judge(Delivery delivery) {
    require("log_bin", "ON", "start the server with --log-bin");
    require(
        "log_replica_updates",
        "ON",
        "start the server with --log-replica-updates, or it does not log what it replicates");
    require("binlog_format", "ROW", "SET PERSIST binlog_format = 'ROW'");
    require("binlog_row_image", "FULL", "SET PERSIST binlog_row_image = FULL");
    require("binlog_row_value_options", "", "clear it: inserts must be logged in full");
    if (delivery == Delivery.EXACTLY_ONCE) {
      require(
          "gtid_mode",
          "ON",
          "turn GTID mode on, step by step, or set 'delivery: at-least-once' in the relay");
      require("sync_binlog", "1", SURVIVE.formatted("sync_binlog"));
      require(
          "innodb_flush_log_at_trx_commit",
          "1",
          SURVIVE.formatted("innodb_flush_log_at_trx_commit"));
    } else {
      advise("sync_binlog", "1", SURVIVE.formatted("sync_binlog"));
      advise(
          "innodb_flush_log_at_trx_commit",
          "1",
          SURVIVE.formatted("innodb_flush_log_at_trx_commit"));
    }
  }

  private static final String SURVIVE =
      "SET PERSIST %s = 1, or a crash of the machine may take back what was published";

  private void require(String name, String expected, String remedy) {
    deviation(name, expected).ifPresent(problem -> findings.add(Finding.error(problem, remedy)));
  }

  private void advise(String name, String expected, String remedy) {
    deviation(name, expected).ifPresent(problem -> findings.add(Finding.warning(problem, remedy)));
  }

  // A variable the server no longer has is no finding: later versions drop those with one value.
  private Optional<String> deviation(String name, String expected) {
    String actual = variables.getOrDefault(name, expected);
    return actual.equalsIgnoreCase(expected)
        ? Optional.empty()
        : Optional.of("%s is '%s', not '%s'".formatted(name, actual, expected));
  }
}
