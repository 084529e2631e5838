package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.Await;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
import io.sluice.relay.assign.ShardOwners;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Care;
import io.sluice.relay.heal.HealingSettings;
import io.sluice.relay.heal.HealingSettings.Approval;
import io.sluice.relay.heal.PositionHealer;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.PositionReader;
import io.sluice.relay.ledger.StoredPosition;
import io.sluice.relay.provision.RegistryEditor;
import io.sluice.relay.publish.PositionSlot;
import io.sluice.relay.route.Domains;
import io.sluice.relay.stats.ShardStatistics.Counter;
import io.sluice.relay.supervise.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.MySqlServer;
import io.sluice.sandbox.server.SandboxServers;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Positions that are lost, on a server whose binary log others need not fear for. */
@SandboxTest
class HealingIT {

  private static final Duration BOUND = Duration.ofMinutes(2);
  private static final ShardId SHARD = ShardId.of("s0");
  private static final int PARTITION = 0;

  private static MySqlServer mysql;

  @BeforeAll
  static void startServer() {
    mysql = MySqlServer.start();
  }

  @AfterAll
  static void stopServer() {
    mysql.close();
  }

  @Test
  void whatWasPurgedAheadOfThePositionIsPublishedFromTheTable(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "purged");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "purged", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      events.commit(700);
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        assertEquals(1, relay.statistics().of(SHARD).count(Counter.HEALINGS));
        assertReplayed(audit, committed, 700);
        goOn(events, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void aPositionIsGivenUpOnlyWithAnOperatorsWordWhereThatIsAsked(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "approval");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "approval", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      events.commit(20);
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      try (Relay relay = Relay.of(config(fixture, Approval.OPERATOR))) {
        relay.start();
        awaitStopped(relay);
        Await.until(
            BOUND,
            "a report that names the command",
            () -> report(fixture).contains("sluice-relay shards heal s0"));
        assertEquals(committed.count() - 20, audit.seen());

        approve(fixture);
        audit.await(committed, BOUND);
        goOn(events, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void anApprovalIsGoodForOneLoss(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "once");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "once", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      deletePosition(fixture);
      try (Relay relay = Relay.of(config(fixture, Approval.OPERATOR))) {
        relay.start();
        awaitStopped(relay);
        approve(fixture);
        goOn(events, committed, audit);
      }
      deletePosition(fixture);
      try (Relay relay = Relay.of(config(fixture, Approval.OPERATOR))) {
        relay.start();
        awaitStopped(relay);
        approve(fixture);
        goOn(events, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  private static void awaitStopped(Relay relay) {
    Await.until(BOUND, "STOPPED", () -> relay.states().get(SHARD) == ShardState.STOPPED);
  }

  @Test
  void aPositionThatIsGoneFromKafkaIsReplaced(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "gone");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "gone", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      events.commit(20);
      deletePosition(fixture);
      try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        assertReplayed(audit, committed, 20);
        goOn(events, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void aTopicOfPositionsThatIsGoneFromKafkaIsReplacedForAllShards(Sandbox shared) throws Exception {
    Sandbox own = Sandbox.on(new SandboxServers(mysql, shared.kafka()), "positions");
    RelayFixture fixture = new RelayFixture(own, "positions", 3);
    fixture.provision();
    Committed committed = new Committed();

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      for (int shard = 0; shard < 3; shard++) {
        new NumberedEvents(fixture, shard, "before-" + shard, committed).commit(10);
      }
      deleteTopic(shared, fixture.config().identity().topics().positions());
      deleteTopic(shared, fixture.config().identity().topics().repairs());
      try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        for (int shard = 0; shard < 3; shard++) {
          goOn(new NumberedEvents(fixture, shard, "after-" + shard, committed), committed, audit);
        }
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void aSchemaHistoryThatIsGoneFromKafkaIsReplaced(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "history");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "history", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      events.commit(20);
      deleteTopic(shared, position(fixture).orElseThrow().position().history());
      try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        assertReplayed(audit, committed, 20);
        goOn(events, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void aRegistryThatIsGoneFromKafkaIsRestoredAndItsShardsGoOn(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "registry");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "registry", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      events.commit(20);
      deleteTopic(shared, fixture.config().identity().topics().shards());
      try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        assertReplayed(audit, committed, 0);
        goOn(events, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void aServerThatWasRestoredToAnEarlierStateIsRelayedOn(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "restored");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "restored", committed);
    NumberedEvents after = new NumberedEvents(fixture, 0, "after", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      int kept = committed.count();
      String backup = executed();
      relayAndStop(fixture, events, committed, audit);
      restore(fixture, backup, kept);
      after.commit(10);
      try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
        relay.start();
        audit.await(committed, BOUND);
        assertReplayed(audit, committed, 10);
        goOn(after, committed, audit);
      }
      audit.assertHolds(committed);
    }
  }

  @Test
  void aQuietServersLastStatementIsPartOfThePosition(Sandbox shared) throws Exception {
    RelayFixture fixture = fixture(shared, "quiet");
    Committed committed = new Committed();
    NumberedEvents events = new NumberedEvents(fixture, 0, "quiet", committed);

    try (TopicAudit audit = TopicAudit.open(fixture)) {
      relayAndStop(fixture, events, committed, audit);
      fixture.database(0).run("CREATE TABLE afterwards (id INT PRIMARY KEY)");
      String all = executed();
      try (Relay relay = Relay.of(config(fixture, Approval.OPERATOR))) {
        relay.start();
        Await.until(
            BOUND,
            "a position that includes the last statement",
            () ->
                position(fixture).flatMap(at -> at.position().gtidSet()).equals(Optional.of(all)));
      }
      mysql.binaryLog().rotate();
      mysql.binaryLog().purge();
      try (Relay relay = Relay.of(config(fixture, Approval.OPERATOR))) {
        relay.start();
        goOn(events, committed, audit);
        assertEquals(0, relay.statistics().of(SHARD).count(Counter.HEALINGS));
      }
      audit.assertHolds(committed);
    }
  }

  private static RelayFixture fixture(Sandbox shared, String name) throws SQLException {
    Sandbox own = Sandbox.on(new SandboxServers(mysql, shared.kafka()), name);
    RelayFixture fixture = new RelayFixture(own, name, 1);
    fixture.provision();
    return fixture;
  }

  private static RelayConfig config(RelayFixture fixture, Approval approval) {
    Care care =
        new Care(
            new HealingSettings(approval, Duration.ofSeconds(1)),
            Care.DEFAULT.upkeep(),
            Care.DEFAULT.headroomWarning(),
            Care.DEFAULT.queueBytes());
    return fixture.config(care, Domains.of(List.of(EventDomain.CHAT, EventDomain.PORTFOLIO)));
  }

  /** A relay's ordinary life, up to a clean stop. No handlers: its rows stay PENDING. */
  private static void relayAndStop(
      RelayFixture fixture, NumberedEvents events, Committed committed, TopicAudit audit)
      throws SQLException {
    try (Relay relay = Relay.of(config(fixture, Approval.AUTOMATIC))) {
      relay.start();
      for (int transaction = 0; transaction < 3; transaction++) {
        events.commit(10);
      }
      audit.await(committed, BOUND);
    }
  }

  private static void goOn(NumberedEvents events, Committed committed, TopicAudit audit)
      throws SQLException {
    events.commit(5);
    audit.await(committed, BOUND);
  }

  /** So many are marked as published from the table, each for the gap it was in. */
  private static void assertReplayed(TopicAudit audit, Committed committed, int expected) {
    List<ConsumerRecord<String, byte[]>> replayed =
        committed.byAggregate().values().stream()
            .flatMap(List::stream)
            .flatMap(id -> audit.of(id).stream())
            .filter(record -> !TopicReader.header(record, "outbox-replay").equals("(none)"))
            .toList();
    assertEquals(expected, replayed.size());
    replayed.forEach(record -> assertEquals("gap", TopicReader.header(record, "outbox-replay")));
  }

  private static String report(RelayFixture fixture) {
    RelayConfig config = fixture.config();
    InternalTopics topics = config.identity().topics();
    return Optional.ofNullable(
            new ShardOwners(config.kafka(), topics.relays(), topics.positions())
                .read()
                .get(PARTITION))
        .map(ShardOwners.Owner::state)
        .orElse("");
  }

  private static void approve(RelayFixture fixture) {
    RelayConfig config = fixture.config();
    RegistryEditor registry = new RegistryEditor(config.kafka(), config.identity().topics());
    String token = PositionHealer.token(position(fixture).map(StoredPosition::position));
    registry.edit(
        present ->
            List.of(registry.record(Objects.requireNonNull(present.get(SHARD)).healing(token))));
  }

  private static PositionSlot slot(RelayFixture fixture) {
    return fixture.config().identity().topics().slot(SHARD, PARTITION);
  }

  private static Optional<StoredPosition> position(RelayFixture fixture) {
    return PositionReader.read(fixture.config().kafka(), slot(fixture));
  }

  private static void deletePosition(RelayFixture fixture) throws Exception {
    assertTrue(position(fixture).isPresent());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", fixture.config().kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(slot(fixture).removal()).get(30, TimeUnit.SECONDS);
    }
    assertEquals(Optional.empty(), position(fixture));
  }

  private static void deleteTopic(Sandbox shared, String topic) throws Exception {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", shared.kafka().bootstrapServers()))) {
      admin.deleteTopics(List.of(topic)).all().get(30, TimeUnit.SECONDS);
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

  /** What a dump of the server leaves when it is read back: its rows, its GTIDs, a new log. */
  private static void restore(RelayFixture fixture, String gtids, int rows) throws SQLException {
    try (Connection connection = mysql.connect();
        Statement statement = connection.createStatement()) {
      statement.execute("SET SESSION sql_log_bin = OFF");
      statement.execute("USE `%s`".formatted(fixture.database(0).name()));
      statement.execute(
          """
          DELETE FROM outbox_events WHERE id > (SELECT MAX(id) FROM (
            SELECT id FROM outbox_events ORDER BY id LIMIT %d) AS backup)"""
              .formatted(rows));
      statement.execute("RESET BINARY LOGS AND GTIDS");
      statement.execute("SET GLOBAL gtid_purged = '%s'".formatted(gtids));
    }
  }
}
