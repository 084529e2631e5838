package io.sluice.relay.fault;

import static io.sluice.relay.fault.LostPositionCase.BOUND;
import static io.sluice.relay.fault.LostPositionCase.SHARD;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.recovery.RecoverySettings.Approval;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Positions that are lost on the server. Uses a separate server, because it purges the binlog. */
@Tag("fault")
@SandboxTest
class LostPositionIT {

  private static MySqlServer mysql;

  @BeforeAll
  static void startServer() {
    mysql = MySqlServer.start();
  }

  @AfterAll
  static void stopServer() {
    mysql.close();
  }

  private static LostPositionCase on(Sandbox shared, String name) throws SQLException {
    return LostPositionCase.on(Sandbox.on(new SandboxServers(mysql, shared.kafka()), name), name);
  }

  @Test
  void purgedTransactionsArePublishedFromTheTable(Sandbox shared) throws Exception {
    try (LostPositionCase lost = on(shared, "purged")) {
      lost.relayAndStop();
      lost.commit(700);
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      try (Relay relay = lost.start(Approval.AUTOMATIC)) {
        lost.awaitAll();
        assertEquals(1, relay.statistics().of(SHARD).count(Counter.HEALINGS));
        lost.assertReplayed(700);
        lost.relayAgain();
      }
      lost.assertHolds();
    }
  }

  @Test
  void withApprovalByAnOperatorALostPositionStopsTheShard(Sandbox shared) throws Exception {
    try (LostPositionCase lost = on(shared, "approval")) {
      lost.commit(20);
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      try (Relay relay = lost.start(Approval.OPERATOR)) {
        LostPositionCase.awaitStopped(relay);
        Await.until(
            BOUND,
            "a report that names the command",
            () -> lost.report().contains("sluice-relay shards heal s0"));
        assertEquals(0, lost.seen());

        lost.approve();
        lost.awaitAll();
        lost.relayAgain();
      }
      lost.assertHolds();
    }
  }

  @Test
  void aServerRestoredToAnEarlierStateIsRelayed(Sandbox shared) throws Exception {
    try (LostPositionCase lost = on(shared, "restored")) {
      lost.relayAndStop();
      int kept = lost.committed().count();
      String backup = executed();
      lost.relayAndStop();
      restore(lost.fixture(), backup, kept);
      lost.commit(10);
      try (Relay relay = lost.start(Approval.AUTOMATIC)) {
        lost.awaitAll();
        lost.assertReplayed(10);
        lost.relayAgain();
        assertEquals(1, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      lost.assertHolds();
    }
  }

  @Test
  void theLastStatementOfAnIdleServerIsPartOfThePosition(Sandbox shared) throws Exception {
    try (LostPositionCase quiet = on(shared, "quiet")) {
      quiet.commit(10);
      quiet.fixture().database(0).run("CREATE TABLE afterwards (id INT PRIMARY KEY)");
      Optional<String> all = Optional.of(executed());
      try (Relay relay = quiet.start(Approval.OPERATOR)) {
        Await.until(
            BOUND,
            () -> "a position that includes the last statement, now %s".formatted(relay.states()),
            () -> quiet.position().flatMap(at -> at.position().gtidSet()).equals(all));
      }
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      try (Relay relay = quiet.start(Approval.OPERATOR)) {
        quiet.relayAgain();
        assertEquals(0, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      quiet.assertHolds();
    }
  }

  private static String executed() throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@GLOBAL.gtid_executed")) {
      row.next();
      return row.getString(1).replace("\n", "");
    }
  }

  /** Restores a dump of the server: its rows, its GTIDs and a new binlog. */
  private static void restore(RelayFixture fixture, String gtids, int rows) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_log_bin = OFF");
      statement.execute("USE `%s`".formatted(fixture.database(0).name()));
      statement.execute(
          """
          DELETE FROM outbox_events WHERE id > (SELECT MAX(id) FROM (
            SELECT id FROM outbox_events ORDER BY id LIMIT %d) AS backup)\
          """
              .formatted(rows));
      statement.execute("RESET BINARY LOGS AND GTIDS");
      statement.execute("SET GLOBAL gtid_purged = '%s'".formatted(gtids));
    }
  }
}
