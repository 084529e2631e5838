package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.Await;
import io.sluice.relay.ConfigVariants;
import io.sluice.relay.LogCapture;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.proxy.Cut;
import io.sluice.sandbox.proxy.FaultProxy;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.Replica;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Failover to a replica while the relay is inside a transaction. */
@Tag("fault")
@SandboxTest
class FailoverIT {

  private static final int ROWS = 3_000;

  /** Fewer than the whole parts of a transaction in half of its rows. */
  private static final int PUBLISHED = 1_000;

  private static final Duration BOUND = Duration.ofMinutes(2);

  @Test
  void continuesOnTheReplicaInsideATransaction(Sandbox shared) throws Exception {
    try (MySqlServer primary = MySqlServer.start();
        Replica replica = Replica.of(primary);
        FaultProxy proxy = FaultProxy.to(primary.host(), primary.port())) {
      RelayFixture fixture = fixture(primary, shared, "failover");
      Committed committed = new Committed();
      NumberedEvents events = new NumberedEvents(fixture, 0, "failover", committed);

      try (TopicAudit audit = TopicAudit.open(fixture)) {
        try (Relay relay = RelayFixture.relay(ConfigVariants.through(fixture.config(), proxy))) {
          relay.start();
          events.commit(10);
          audit.await(committed, BOUND);
          proxy.holdBeforeWriteRowsEvent(ROWS / 2);
          events.commitOneByOne(ROWS);
          audit.awaitAny(10 + PUBLISHED, BOUND);
          replica.awaitCaughtUp(BOUND);
          failOver(primary, replica, proxy);
          assertTrue(audit.seen() < 10 + ROWS / 2, "the relay was not where it should be");
          proxy.release();
          try (Connection connection = onReplica(replica, fixture)) {
            events.commit(connection, 10);
          }

          audit.await(committed, BOUND);
          awaitDumps(replica, fixture, 1);
        }
        awaitDumps(replica, fixture, 0);
        audit.assertHolds(committed);
      }
    }
  }

  @Test
  void continuesOnAReplicaThatCommittedInAnotherOrder(Sandbox shared) throws Exception {
    try (MySqlServer primary = MySqlServer.start();
        Replica replica = Replica.of(primary);
        FaultProxy proxy = FaultProxy.to(primary.host(), primary.port())) {
      RelayFixture fixture = fixture(primary, shared, "otherorder");
      Committed committed = new Committed();
      NumberedEvents first = new NumberedEvents(fixture, 0, "first", committed);
      NumberedEvents second = new NumberedEvents(fixture, 0, "second", committed);

      try (TopicAudit audit = TopicAudit.open(fixture)) {
        try (Relay relay = RelayFixture.relay(ConfigVariants.through(fixture.config(), proxy))) {
          relay.start();
          proxy.holdBeforeWriteRowsEvent(ROWS / 2);
          replica.awaitCaughtUp(BOUND);
          replica.stopReplication();
          first.commitOneByOne(ROWS);
          audit.awaitAny(PUBLISHED, BOUND);
          commitOnBoth(fixture, replica, second.next(10), committed);
          replica.startReplication();
          replica.awaitCaughtUp(BOUND);
          failOver(primary, replica, proxy);
          assertTrue(audit.seen() < ROWS / 2, "the relay was not where it should be");
          proxy.release();
          try (Connection connection = onReplica(replica, fixture)) {
            first.commit(connection, 10);
          }

          audit.await(committed, BOUND);
        }
        audit.assertHolds(committed);
      }
    }
  }

  @Test
  void followsItsAddressToAnotherServerWhileTheFirstIsStillRunning(Sandbox shared)
      throws Exception {
    try (MySqlServer primary = MySqlServer.start();
        Replica replica = Replica.of(primary);
        FaultProxy proxy = FaultProxy.to(primary.host(), primary.port())) {
      RelayFixture fixture = fixture(primary, shared, "switchover");
      Committed committed = new Committed();
      NumberedEvents events = new NumberedEvents(fixture, 0, "switchover", committed);

      try (TopicAudit audit = TopicAudit.open(fixture)) {
        try (Relay relay = RelayFixture.relay(ConfigVariants.through(fixture.config(), proxy))) {
          relay.start();
          events.commit(10);
          audit.await(committed, BOUND);
          replica.awaitCaughtUp(BOUND);
          replica.promote();
          proxy.pointTo(replica.server().host(), replica.server().port());
          try (Connection connection = onReplica(replica, fixture)) {
            events.commit(connection, 10);
          }
          audit.await(committed, BOUND);
          awaitDumps(replica, fixture, 1);
        }
        audit.assertHolds(committed);
      }
    }
  }

  /** Whether they are errant or were missed, the server cannot tell. The cause is named. */
  @Test
  void aPurgedTransactionOfTheReplicaItselfIsNamedAsTheCause(Sandbox shared) throws Exception {
    try (MySqlServer primary = MySqlServer.start();
        Replica replica = Replica.of(primary);
        FaultProxy proxy = FaultProxy.to(primary.host(), primary.port());
        Connection there = replica.server().connect();
        Statement statement = there.createStatement()) {
      RelayFixture fixture = fixture(primary, shared, "errant");
      Committed committed = new Committed();
      NumberedEvents events = new NumberedEvents(fixture, 0, "errant", committed);

      try (TopicAudit audit = TopicAudit.open(fixture);
          LogCapture log = new LogCapture()) {
        try (Relay relay = RelayFixture.relay(ConfigVariants.through(fixture.config(), proxy))) {
          relay.start();
          events.commit(10);
          audit.await(committed, BOUND);
          replica.awaitCaughtUp(BOUND);
          statement.execute("SET GLOBAL super_read_only = OFF");
          statement.execute("CREATE USER errant");
          statement.execute("FLUSH BINARY LOGS");
          statement.execute("PURGE BINARY LOGS BEFORE NOW() + INTERVAL 1 DAY");
          failOver(primary, replica, proxy);

          log.await("began on this server, of which the relay has not read any transaction");
        }
      }
    }
  }

  private static RelayFixture fixture(MySqlServer primary, Sandbox shared, String name)
      throws SQLException {
    Sandbox own = Sandbox.on(new SandboxServers(primary, shared.kafka()), name);
    RelayFixture fixture = new RelayFixture(own, name, 1);
    fixture.provision();
    return fixture;
  }

  private static void failOver(MySqlServer primary, Replica replica, FaultProxy proxy)
      throws SQLException {
    replica.promote();
    proxy.pointTo(replica.server().host(), replica.server().port());
    primary.kill();
    // The proxy holds back the rest of the stream, which must not arrive.
    proxy.cutAll(Cut.CLOSE);
  }

  private static Connection onReplica(Replica replica, RelayFixture fixture) throws SQLException {
    Database there = fixture.database(0);
    Account account = new Account(replica.server().address(), there.account().login());
    Connection connection = new Database(there.name(), account).connect();
    connection.setAutoCommit(false);
    return connection;
  }

  /**
   * Commits on the primary, and with the same GTID on the replica, which has not applied earlier
   * transactions: like a parallel worker that has overtaken another.
   */
  private static void commitOnBoth(
      RelayFixture fixture, Replica replica, List<OutboxEvent> events, Committed committed)
      throws SQLException {
    String before = executed(fixture);
    OutboxEvent[] all = events.toArray(OutboxEvent[]::new);
    fixture.write(0, all);
    committed.add(events);
    MySqlAddress there = replica.server().address();
    try (Connection connection =
            DriverManager.getConnection(
                there.jdbcUrl(fixture.database(0).name()),
                there.admin().user(),
                there.admin().password());
        Statement statement = connection.createStatement()) {
      statement.execute("SET GLOBAL super_read_only = OFF");
      statement.execute(
          "SET SESSION gtid_next = GTID_SUBTRACT('%s', '%s')".formatted(executed(fixture), before));
      connection.setAutoCommit(false);
      fixture.append(connection, all);
      connection.commit();
      statement.execute("SET SESSION gtid_next = AUTOMATIC");
    }
  }

  private static String executed(RelayFixture fixture) {
    return fixture.text(0, "SELECT @@GLOBAL.gtid_executed").replace("\n", "");
  }

  private static void awaitDumps(Replica replica, RelayFixture fixture, int count) {
    Await.until(
        BOUND,
        count + " binary log streams",
        () -> Dumps.of(replica.server(), fixture.source(0)) == count);
  }
}
