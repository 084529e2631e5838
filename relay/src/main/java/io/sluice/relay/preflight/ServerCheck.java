package io.sluice.relay.preflight;

import io.sluice.relay.mysql.ServerVersion;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.publish.DeliveryGuarantee;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks a server's settings. */
final class ServerCheck {

  private static final String VARIABLES =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('log_bin', 'gtid_mode', 'binlog_format', 'binlog_row_image', 'binlog_row_value_options',
         'sync_binlog', 'innodb_flush_log_at_trx_commit', 'log_replica_updates')
      """;

  private static final String MAKE_DURABLE =
      "SET PERSIST %s = 1, otherwise a crash of the machine may undo transactions that were"
          + " published";

  private static final Pattern SEPARATOR = Pattern.compile(",");

  private final Map<String, String> variables = new HashMap<>();
  private final List<Finding> findings = new ArrayList<>();

  private ServerCheck() {}

  static List<Finding> findings(Connection connection, DeliveryGuarantee delivery)
      throws SQLException {
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

  private void evaluate(DeliveryGuarantee delivery) {
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
    boolean isExact = delivery == DeliveryGuarantee.EXACTLY_ONCE;
    if (isExact) {
      require(
          "gtid_mode",
          "ON",
          "turn GTID mode on, step by step, or set 'delivery: at-least-once' in the relay");
    }
    for (String name : List.of("sync_binlog", "innodb_flush_log_at_trx_commit")) {
      check(isExact ? Severity.ERROR : Severity.WARNING, name, "1", MAKE_DURABLE.formatted(name));
    }
  }

  private void require(String name, String expected, String remedy) {
    check(Severity.ERROR, name, expected, remedy);
  }

  // A missing variable is no finding: later versions remove variables that have only one value.
  private void check(Severity severity, String name, String expected, String remedy) {
    String actual = variables.getOrDefault(name, expected);
    if (!actual.equalsIgnoreCase(expected)) {
      String problem = "%s is '%s', not '%s'".formatted(name, actual, expected);
      findings.add(new Finding(severity, problem, remedy));
    }
  }

  /** The finding if the server does not write this database to its binlog. */
  static Optional<Finding> filter(Connection connection, String database) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(ServerVersion.of(connection).binlogStatus())) {
      // No row if the binlog is off, which is another finding.
      return row.next()
          ? filter(row.getString("Binlog_Do_DB"), row.getString("Binlog_Ignore_DB"), database)
          : Optional.empty();
    }
  }

  /**
   * As in MySQL, the list of logged databases takes precedence.
   *
   * @param only the only databases that are logged; empty for no restriction
   * @param never databases that are not logged, if {@code only} is empty
   */
  static Optional<Finding> filter(String only, String never, String database) {
    List<String> logged = names(only);
    if (!logged.isEmpty() && logged.stream().noneMatch(database::equalsIgnoreCase)) {
      return Optional.of(
          Finding.error(
              "the server logs only %s, not %s (binlog-do-db)".formatted(logged, database),
              "start the server with --binlog-do-db=%s too, or with none".formatted(database)));
    }
    if (logged.isEmpty() && names(never).stream().anyMatch(database::equalsIgnoreCase)) {
      return Optional.of(
          Finding.error(
              "the server does not log %s (binlog-ignore-db)".formatted(database),
              "start the server without --binlog-ignore-db=%s".formatted(database)));
    }
    return Optional.empty();
  }

  private static List<String> names(String list) {
    return SEPARATOR.splitAsStream(list).filter(name -> !name.isEmpty()).toList();
  }
}
