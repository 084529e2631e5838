package io.sluice.relay.fault;

import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.state.PositionReader;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables that are replaced by an altered copy, as by gh-ost and pt-online-schema-change. */
@Tag("fault")
@SandboxTest
class TableSwapIT {

  private static final Duration BOUND = Duration.ofMinutes(2);

  private static final String ADD =
      "ADD COLUMN tenant VARCHAR(255) NOT NULL DEFAULT 'acme' AFTER event_type";

  private static final String MOVE =
      "DROP COLUMN tenant, MODIFY aggregate_type VARCHAR(255) NOT NULL AFTER aggregate_id";

  @Test
  void aTableSwapNeitherLosesNorDuplicatesEvents(Sandbox sandbox) throws Exception {
    RelayFixture fixture = provisioned(sandbox, "swap");
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = RelayFixture.relay(fixture.config());
          Loads load = Loads.on(fixture, 1, committed)) {
        relay.start();
        load.awaitProgress();
        makeGhost(fixture, ADD);
        load.awaitProgress();
        swapGhost(fixture);
        load.awaitProgress();
        swapWithTriggers(fixture, MOVE);
        load.awaitProgress();
        load.end();
        audit.await(committed, BOUND);
      }
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  @Test
  void aRelayThatDidNotReadTheCreationOfTheCopyKnowsIt(Sandbox sandbox) throws Exception {
    RelayFixture fixture = provisioned(sandbox, "later");
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture);
        Loads load = Loads.on(fixture, 1, committed)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        makeGhost(fixture, ADD);
        load.awaitProgress();
        audit.await(committed, BOUND);
      }
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        load.awaitProgress();
        audit.await(committed, BOUND);
        swapGhost(fixture);
        load.awaitProgress();
        audit.await(committed, BOUND);
      }
      load.end();
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  @Test
  void tablesSwappedWithoutARelayAreReadCorrectly(Sandbox sandbox) throws Exception {
    RelayFixture fixture = provisioned(sandbox, "unseen");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "unseen", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      events.commit(10);
      makeGhost(fixture, ADD);
      events.commit(10);
      swapGhost(fixture);
      events.commit(10);
      swapWithTriggers(fixture, MOVE);
      events.commit(10);
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  /** The position stays before the swap until another transaction is committed. */
  @Test
  void aSwapThatIsReadTwiceIsAppliedOnce(Sandbox sandbox) throws Exception {
    RelayFixture fixture = provisioned(sandbox, "twice");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "twice", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        events.commit(10);
        makeGhost(fixture, ADD);
        audit.await(committed, BOUND);
        long before = historyEnd(fixture);
        renameGhost(fixture);
        // The swap is read and its definitions are stored; the position follows some seconds later.
        Await.until(BOUND, "definitions after the swap", () -> historyEnd(fixture) > before);
      }
      continueWithAnotherRelay(fixture, committed, audit);
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  @Test
  void aCopyWithColumnsAndAnIndexOverAnyExpressionIsRead(Sandbox sandbox) throws Exception {
    RelayFixture fixture = provisioned(sandbox, "indexed");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "indexed", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        events.commit(10);
        makeGhost(
            fixture,
            "MODIFY last_error VARCHAR(1000) NULL FIRST, %s, %s"
                .formatted(SchemaIT.UNPARSEABLE_COLUMN, SchemaIT.UNPARSEABLE_INDEX));
        swapGhost(fixture);
        events.commit(10);
        audit.await(committed, BOUND);
      }
      continueWithAnotherRelay(fixture, committed, audit);
      EventValues.assertCorrect(audit, committed);
    }
  }

  private static RelayFixture provisioned(Sandbox sandbox, String name) throws SQLException {
    RelayFixture fixture = new RelayFixture(sandbox, name, 1);
    fixture.provision();
    return fixture;
  }

  /** The end offset of the schema history. */
  private static long historyEnd(RelayFixture fixture) {
    RelayConfig config = fixture.config();
    String history =
        PositionReader.read(config.kafka(), config.identity().topics().slot(ShardId.of("s0"), 0))
            .orElseThrow()
            .position()
            .history();
    TopicPartition partition = new TopicPartition(history, 0);
    try (Admin admin = Admin.create(config.kafka().forAdmin())) {
      return admin
          .listOffsets(Map.of(partition, OffsetSpec.latest()))
          .partitionResult(partition)
          .get(30, TimeUnit.SECONDS)
          .offset();
    } catch (InterruptedException | ExecutionException | TimeoutException e) {
      throw new IllegalStateException("the end of " + history + " is not known", e);
    }
  }

  private static void continueWithAnotherRelay(
      RelayFixture fixture, Committed committed, TopicAudit audit) throws SQLException {
    NumberedEvents events = new NumberedEvents(fixture, 0, "on-" + committed.count(), committed);
    try (Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      events.commit(10);
      audit.await(committed, BOUND);
    }
  }

  private static void makeGhost(RelayFixture fixture, String alteration) throws SQLException {
    fixture
        .database(0)
        .run(
            """
            CREATE TABLE _outbox_events_ghc (id BIGINT PRIMARY KEY, hint VARCHAR(64));
            CREATE TABLE _outbox_events_gho LIKE outbox_events;
            ALTER TABLE _outbox_events_gho %s;
            %s\
            """
                .formatted(alteration, copy(fixture, "_outbox_events_gho")));
  }

  /** gh-ost follows the binlog up to a lock. This copies the missing rows under the lock. */
  private static void renameGhost(RelayFixture fixture) throws SQLException {
    fixture
        .database(0)
        .run(
            """
            LOCK TABLES outbox_events WRITE, _outbox_events_gho WRITE;
            %s;
            RENAME TABLE outbox_events TO _outbox_events_del, _outbox_events_gho TO outbox_events;
            UNLOCK TABLES\
            """
                .formatted(copy(fixture, "_outbox_events_gho")));
  }

  private static void swapGhost(RelayFixture fixture) throws SQLException {
    renameGhost(fixture);
    fixture.database(0).run("DROP TABLE _outbox_events_del; DROP TABLE _outbox_events_ghc");
  }

  private static String copy(RelayFixture fixture, String ghost) {
    String columns = commonColumns(fixture);
    return "INSERT IGNORE INTO %s (%s) SELECT %s FROM outbox_events"
        .formatted(ghost, columns, columns);
  }

  private static String commonColumns(RelayFixture fixture) {
    return Arrays.stream(
            fixture
                .text(
                    0,
                    """
                    SELECT GROUP_CONCAT(column_name) FROM information_schema.columns
                    WHERE table_schema = DATABASE() AND table_name = 'outbox_events'\
                    """)
                .split(","))
        .filter(column -> !column.equals("tenant") && !column.equals("last_error"))
        .collect(Collectors.joining(","));
  }

  private static void swapWithTriggers(RelayFixture fixture, String alteration)
      throws SQLException {
    String columns = commonColumns(fixture);
    fixture
        .database(0)
        .run(
            """
            CREATE TABLE _outbox_events_new LIKE outbox_events;
            ALTER TABLE _outbox_events_new %s\
            """
                .formatted(alteration));
    asAdministrator(
        fixture,
        "CREATE TRIGGER pt_osc_ins AFTER INSERT ON outbox_events FOR EACH ROW REPLACE INTO _outbox_events_new (%s) VALUES (%s)"
            .formatted(columns, "NEW." + columns.replace(",", ",NEW.")));
    fixture
        .database(0)
        .run(
            """
            %s;
            RENAME TABLE outbox_events TO _outbox_events_old, _outbox_events_new TO outbox_events;
            DROP TABLE _outbox_events_old\
            """
                .formatted(copy(fixture, "_outbox_events_new")));
  }

  /** Creating triggers needs more privileges while the binlog is on. */
  private static void asAdministrator(RelayFixture fixture, String sql) throws SQLException {
    try (Connection connection = fixture.sandbox().mysql().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("USE " + fixture.database(0).name());
      statement.execute(sql);
    }
  }
}
