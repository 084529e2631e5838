package io.sluice.relay.check;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Whether a shard's server and table are such that no event can be missed or misread. */
public final class ShardCheck {

  private static final String VARIABLES =
      """
      SHOW GLOBAL VARIABLES WHERE Variable_name IN
        ('log_bin', 'gtid_mode', 'binlog_format', 'binlog_row_image', 'binlog_row_value_options')
      """;

  private static final String COLUMNS =
      "SELECT column_name FROM information_schema.columns WHERE table_schema = ? AND table_name = ?";

  private static final List<String> MANDATORY_COLUMNS =
      List.of(
          OutboxTable.ID,
          OutboxTable.DOMAIN,
          OutboxTable.EVENT_TYPE,
          OutboxTable.AGGREGATE_TYPE,
          OutboxTable.AGGREGATE_ID,
          OutboxTable.EVENT_DATA,
          OutboxTable.HEADERS,
          OutboxTable.MAX_RETRIES,
          OutboxTable.CREATED_AT);

  private ShardCheck() {}

  /**
   * Checks everything and reports all findings at once.
   *
   * @throws OperatorNeededException if something must be put right
   * @throws TransientException if the server does not answer
   */
  public static void run(ShardSource source) {
    List<String> findings = new ArrayList<>();
    try (Connection connection = source.connect()) {
      checkVariables(connection, findings);
      checkTable(connection, source, findings);
    } catch (SQLException e) {
      throw MySqlFailures.classify(source, e);
    }
    if (!findings.isEmpty()) {
      throw new OperatorNeededException(
          "shard '%s' at %s is not ready".formatted(source.id(), source.address()),
          String.join("; ", findings));
    }
  }

  private static void checkVariables(Connection connection, List<String> findings)
      throws SQLException {
    Map<String, String> variables = new HashMap<>();
    try (PreparedStatement query = connection.prepareStatement(VARIABLES);
        ResultSet rows = query.executeQuery()) {
      while (rows.next()) {
        variables.put(rows.getString(1), rows.getString(2));
      }
    }
    require(variables, "log_bin", "ON", "start the server with --log-bin", findings);
    require(variables, "gtid_mode", "ON", "turn GTID mode on, step by step", findings);
    require(variables, "binlog_format", "ROW", "SET PERSIST binlog_format = 'ROW'", findings);
    require(variables, "binlog_row_image", "FULL", "SET PERSIST binlog_row_image = FULL", findings);
    require(
        variables,
        "binlog_row_value_options",
        "",
        "clear it: inserts must be logged in full",
        findings);
  }

  // A variable the server no longer has is no finding: later versions drop those with one value.
  private static void require(
      Map<String, String> variables,
      String name,
      String expected,
      String fix,
      List<String> findings) {
    String actual = variables.getOrDefault(name, expected);
    if (!actual.equalsIgnoreCase(expected)) {
      findings.add("%s is '%s', not '%s': %s".formatted(name, actual, expected, fix));
    }
  }

  private static void checkTable(Connection connection, ShardSource source, List<String> findings)
      throws SQLException {
    Set<String> columns = new HashSet<>();
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, source.database());
      query.setString(2, OutboxTable.NAME);
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(rows.getString(1).toLowerCase(Locale.ROOT));
        }
      }
    }
    if (columns.isEmpty()) {
      findings.add(
          "table %s.%s is not there or the account may not read it: create it with the DDL of"
                  .formatted(source.database(), OutboxTable.NAME)
              + " sluice-writer, and GRANT SELECT on it");
      return;
    }
    for (String column : MANDATORY_COLUMNS) {
      if (!columns.contains(column)) {
        findings.add("table %s lacks column '%s': add it".formatted(OutboxTable.NAME, column));
      }
    }
  }
}
