package io.sluice.sandbox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeFalse;

import io.sluice.sandbox.server.api.ServerControlException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ReplicaIT {
  private static final Duration BOUND = Duration.ofSeconds(30);
  private static final String COUNT = "SELECT COUNT(*) FROM shop.t";

  @Test
  void takesOverWithAllThePrimaryCommittedAndItsTransactionIds() throws SQLException {
    try (MySqlServer primary = startPrimary();
        Replica replica = Replica.of(primary)) {
      MySqlServer server = replica.server();
      replica.awaitCaughtUp(BOUND);
      assertEquals("1", query(server, COUNT));
      assertThrows(SQLException.class, () -> execute(server, "INSERT INTO shop.t VALUES (7)"));

      replica.stopReplication();
      execute(primary, "INSERT INTO shop.t VALUES (2)");
      String failure =
          assertThrows(
                  ServerControlException.class, () -> replica.awaitCaughtUp(Duration.ofMillis(200)))
              .toString();
      assertTrue(failure.contains("within PT0.2S"), failure);
      replica.startReplication();
      replica.awaitCaughtUp(BOUND);
      String committed = query(primary, "SELECT @@gtid_executed");
      assertEquals(committed, query(server, "SELECT @@gtid_executed"));
      assertEquals(
          "2 1 1",
          query(
              server,
              "SELECT CONCAT_WS(' ', @@server_id, @@log_replica_updates, @@super_read_only)"));

      primary.kill();
      replica.promote();
      execute(server, "INSERT INTO shop.t VALUES (3)");

      assertEquals("3", query(server, COUNT));
      assertEquals("1", query(server, "SELECT GTID_SUBSET('" + committed + "', @@gtid_executed)"));
    }
  }

  @Test
  void staysAReplicaThroughARestartUntilItIsPromoted() throws SQLException {
    try (MySqlServer primary = startPrimary();
        Replica replica = Replica.of(primary)) {
      MySqlServer server = replica.server();
      replica.awaitCaughtUp(BOUND);
      server.kill();
      execute(primary, "INSERT INTO shop.t VALUES (2)");
      server.restart();
      replica.awaitCaughtUp(BOUND);
      assertThrows(SQLException.class, () -> execute(server, "INSERT INTO shop.t VALUES (7)"));

      replica.promote();
      server.restart();
      execute(server, "INSERT INTO shop.t VALUES (3)");

      assertEquals("3", query(server, COUNT));
      assertEquals("1", query(primary, "SELECT COUNT(*) = 2 FROM shop.t"));
    }
  }

  private static MySqlServer startPrimary() throws SQLException {
    MySqlServer primary = MySqlServer.start();
    assumeFalse(primary.description().contains("Docker"), "containers do not reach each other");
    execute(primary, "CREATE DATABASE shop");
    execute(primary, "CREATE TABLE shop.t (id BIGINT PRIMARY KEY)");
    execute(primary, "INSERT INTO shop.t VALUES (1)");
    return primary;
  }

  private static String query(MySqlServer server, String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      assertTrue(row.next());
      return row.getString(1);
    }
  }

  private static void execute(MySqlServer server, String sql) throws SQLException {
    try (Connection connection = server.connect();
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }
}
