package io.sluice.sandbox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.sandbox.server.api.MySqlSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class MySqlServerIT {
  private static final MySqlSettings SMALL = MySqlSettings.withArguments("--max-connections=31");

  private static MySqlServer mysql;

  @BeforeAll
  static void start() {
    mysql = MySqlServer.start(SMALL);
    assumeTrue(mysql.isOurs());
  }

  @AfterAll
  static void close() {
    mysql.close();
    mysql.close();
    assertThrows(SQLException.class, () -> mysql.connect());
  }

  @Test
  void logsWholeRowsDurablyWithGlobalTransactionIds() throws SQLException {
    assertEquals(
        "ROW FULL ON ON 1 1",
        query(
            """
            SELECT CONCAT_WS(' ', @@binlog_format, @@binlog_row_image, @@gtid_mode,
                @@enforce_gtid_consistency, @@sync_binlog, @@innodb_flush_log_at_trx_commit)
            """));
    assertEquals("1", query("SELECT @@log_bin"));
  }

  @Test
  void takesFurtherArguments() throws SQLException {
    assertEquals("31", query("SELECT @@max_connections"));
  }

  /** An image or a library may bring a configuration that lowers the limit. */
  @Test
  void takesPacketsOfMoreThanAMegabyte() throws SQLException {
    String sent = "x".repeat(2_000_000);
    assertEquals("2000000", query("SELECT LENGTH('" + sent + "')"));
  }

  @Test
  void keepsWhatWasCommittedWhenItIsKilledAndRestarted() throws SQLException {
    execute("CREATE DATABASE killed");
    execute("CREATE TABLE killed.t (id BIGINT PRIMARY KEY)");
    execute("INSERT INTO killed.t VALUES (7)");
    String executed = query("SELECT @@gtid_executed");

    mysql.kill();
    assertThrows(SQLException.class, () -> mysql.connect());
    mysql.restart();

    assertEquals("7", query("SELECT id FROM killed.t"));
    assertEquals(executed, query("SELECT @@gtid_executed"));
  }

  @Test
  void restartsAfterAnOrderlyStopAndWhileItRuns() throws SQLException {
    mysql.stop();
    mysql.stop();
    assertThrows(SQLException.class, () -> mysql.connect());
    mysql.restart();
    mysql.restart();
    assertEquals("1", query("SELECT 1"));
  }

  @Test
  void beginsANewBinaryLogFileAndRemovesTheOthers() throws SQLException {
    BinaryLog log = mysql.binaryLog();
    String first = log.files().get(log.files().size() - 1);
    log.rotate();
    List<String> rotated = log.files();
    assertEquals(first, rotated.get(rotated.size() - 2));

    log.purge();

    assertEquals(rotated.subList(rotated.size() - 1, rotated.size()), log.files());
  }

  @Test
  void quotesTheLogOfAServerThatDoesNotStart() {
    MySqlSettings wrong = MySqlSettings.withArguments("--no-such-option");
    String failure =
        assertThrows(ServerStartException.class, () -> MySqlServer.start(wrong)).toString();
    assertTrue(failure.contains("unknown option '--no-such-option'"), failure);
  }

  @Test
  void saysHowItWasGot() {
    String description = mysql.description();
    assertTrue(description.matches("MySQL [0-9.]+ \\(.+\\) at .+:[0-9]+"), description);
  }

  private static String query(String sql) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  private static void execute(String sql) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
