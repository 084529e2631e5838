package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.maintenance.CleanupSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.reconcile.ReconcileSettings;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.Domains.Completion;
import io.sluice.relay.record.Domains.Unpublishable;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Maintenance and reconciliation of a table. */
@SandboxTest
class MaintenanceIT {

  private static final ShardId S0 = ShardId.of("s0");

  private static final ReconcileSettings AT_ONCE =
      new ReconcileSettings(true, Duration.ZERO, Duration.ofHours(1));

  private static final int COMPLETE = 0;
  private static final int UNLOGGED = 1;

  private static RelayFixture shared;
  private static Relay sharedRelay;

  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    shared = new RelayFixture(sandbox, "shared", UNLOGGED + 1);
    shared.provision();
    sharedRelay = RelayFixture.relay(config(shared));
    sharedRelay.start();
  }

  @AfterAll
  static void stopRelay() {
    sharedRelay.close();
  }

  private static RelayConfig config(RelayFixture fixture, CleanupSettings cleanup) {
    return config(fixture, cleanup, AT_ONCE);
  }

  private static RelayConfig config(
      RelayFixture fixture, CleanupSettings cleanup, ReconcileSettings sweep) {
    MaintenanceSettings maintenance = new MaintenanceSettings(cleanup, sweep, Duration.ofDays(1));
    Domains domains =
        new Domains(
            Map.of(
                EventDomain.CHAT,
                Domains.Settings.DEFAULT,
                EventDomain.PORTFOLIO,
                new Domains.Settings(Completion.RELAY, Unpublishable.QUARANTINE)),
            Unpublishable.QUARANTINE);
    return ConfigVariants.with(fixture.config(domains), maintenance);
  }

  private static RelayConfig config(RelayFixture fixture) {
    return config(fixture, CleanupSettings.DEFAULT);
  }

  private static OutboxEvent portfolio() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
        .aggregate("order", "1")
        .json("{}")
        .build();
  }

  private static List<OutboxEvent> chats(int count) {
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      events.add(RelayFixture.chat("r" + i % 5, "{\"n\":" + i + "}"));
    }
    return events;
  }

  @Test
  void removesOnlyOldPublishedRows(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "cleanup", 2);
    fixture.provision();
    String insert =
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
          event_data, status, created_at, updated_at, published_at)
        SELECT CONCAT('%s-', n), 'CHAT', 't', 'a', '1', '{}', '%s', %s, %s, %s
        FROM (WITH RECURSIVE counter (n) AS
          (SELECT 1 UNION ALL SELECT n + 1 FROM counter WHERE n < 120) SELECT n FROM counter) c\
        """;
    String longAgo = "UTC_TIMESTAMP(6) - INTERVAL 2 HOUR";
    String now = "UTC_TIMESTAMP(6)";
    for (int shard = 0; shard < 2; shard++) {
      var database = fixture.database(shard);
      database.run(insert.formatted("old", "PUBLISHED", longAgo, longAgo, longAgo));
      database.run(insert.formatted("new", "PUBLISHED", longAgo, now, now));
      database.run(insert.formatted("failed", "FAILED", longAgo, longAgo, "NULL"));
    }
    CleanupSettings hourly =
        new CleanupSettings(Optional.of(Duration.ofHours(1)), Optional.empty());

    try (Connection holder = fixture.connect(0);
        Statement statement = holder.createStatement()) {
      statement.execute("SELECT * FROM outbox_events WHERE id = 'old-7' FOR UPDATE");
      try (Relay relay = RelayFixture.relay(config(fixture, hourly))) {
        relay.start();
        String left = "SELECT CONCAT_WS(',', SUM(id LIKE 'old%'), COUNT(*)) FROM outbox_events";
        Await.until(() -> fixture.text(0, left).equals("1,241"));
        Await.until(() -> fixture.text(1, left).equals("0,240"));
        assertEquals(119, relay.statistics().of(S0).count(Counter.CLEANED_ROWS));
      }
    }
  }

  @Test
  void marksEventsOfADomainWithoutHandlersPublished() throws Exception {
    OutboxEvent event = portfolio();
    OutboxEvent other = RelayFixture.chat("r", "{}");

    try (TopicReader topic = shared.reader(EventDomain.PORTFOLIO, COMPLETE)) {
      shared.write(COMPLETE, event, other);
      topic.awaitId(event.id());

      String query =
          "SELECT GROUP_CONCAT(status, published_at IS NULL) FROM outbox_events WHERE id = '%s'";
      Await.until(() -> shared.text(COMPLETE, query.formatted(event.id())).equals("PUBLISHED0"));
      assertEquals("PENDING1", shared.text(COMPLETE, query.formatted(other.id())));
    }
  }

  /** A relay that ends has not marked the last rows. This holds even without sweeps. */
  @Test
  void rowsThatAnEarlierRunHasNotMarkedAreMarkedAfterTheNextStart(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "unmarked", 1);
    fixture.provision();
    List<OutboxEvent> events = new ArrayList<>(chats(30));
    for (int i = 0; i < 700; i++) {
      events.add(portfolio());
    }

    try (TopicReader topic = fixture.reader(EventDomain.PORTFOLIO);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      fixture.write(0, events.toArray(OutboxEvent[]::new));
      topic.await(700);
    }
    ReconcileSettings never =
        new ReconcileSettings(false, Duration.ofMinutes(10), Duration.ofHours(1));
    try (Relay relay = RelayFixture.relay(config(fixture, CleanupSettings.DEFAULT, never))) {
      relay.start();
      String marked = "SELECT COUNT(*) FROM outbox_events WHERE status = 'PUBLISHED'";
      Await.until(() -> fixture.text(0, marked).equals("700"));
      assertEquals(0, relay.statistics().of(S0).count(Counter.REPLAYED_EVENTS));
    }
  }

  @Test
  void reconciliationIgnoresRowsOfSlowHandlers(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "slow", 1);
    fixture.provision();
    List<OutboxEvent> events = chats(350);

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        fixture.write(0, events.toArray(OutboxEvent[]::new));
        topic.await(events.size());
      }
      fixture.database(0).run("UPDATE outbox_events SET status = 'RETRY' LIMIT 120");
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        Await.until(() -> relay.statistics().of(S0).count(Counter.SWEPT_ROWS) >= events.size());
        assertEquals(0, relay.statistics().of(S0).count(Counter.REPLAYED_EVENTS));
        OutboxEvent last = RelayFixture.chat("r", "{}");
        fixture.write(0, last);
        assertEquals(events.size() + 1, topic.awaitId(last.id()).size());
      }
    }
  }

  @Test
  void reconciliationPublishesRowsThatAreNotInTheBinlog(Sandbox sandbox) throws Exception {
    long before = System.currentTimeMillis();
    OutboxEvent unlogged =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", "Größe")
            .json("{\"b\": 100.00, \"a\": \"😀\"}")
            .header("tenant", "Zoë")
            .createdAt(Instant.now().minusSeconds(60))
            .build();
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute("USE `" + shared.database(UNLOGGED).name() + "`");
      statement.execute("SET SESSION sql_log_bin = 0");
      admin.setAutoCommit(false);
      shared.append(admin, unlogged);
      admin.commit();
    }

    try (TopicReader topic = shared.reader(EventDomain.CHAT, UNLOGGED)) {
      ConsumerRecord<String, byte[]> record = topic.await(1).get(0);
      assertEquals(unlogged.id().toString(), TopicReader.header(record, "id"));
      assertEquals("sweep", TopicReader.header(record, "outbox-replay"));
      assertEquals("Zoë", TopicReader.header(record, "tenant"));
      assertEquals("Größe", record.key());
      assertEquals("{\"b\": 100.00, \"a\": \"😀\"}", TopicReader.text(record));
      // Not the event's time, because Kafka might delete the record at once.
      assertTrue(record.timestamp() >= before, () -> "its time is " + record.timestamp());
    }
  }

  @Test
  void aRefusedRowBlocksTheEndOfItsGapButNoOtherRow(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "stopgap", 1);
    OutboxEvent unknown =
        OutboxEvent.builder(EventDomain.of("RISK"), "limit_hit")
            .aggregate("account", "7")
            .json("{}")
            .build();
    OutboxEvent good = RelayFixture.chat("r", "{}");
    fixture.write(0, unknown, good);
    fixture.provision();
    Domains stopping =
        new Domains(Map.of(EventDomain.CHAT, Domains.Settings.DEFAULT), Unpublishable.STOP);

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        LogCapture log = new LogCapture()) {
      try (Relay relay = RelayFixture.relay(fixture.config(stopping))) {
        relay.start();
        topic.awaitId(good.id());
        log.await("wait for an operator, such as event " + unknown.id());
      }
      try (Relay relay =
          RelayFixture.relay(fixture.config(EventDomain.CHAT, EventDomain.of("RISK")))) {
        relay.start();
        log.await("gap (new) is reconciled: 2 rows checked, 1 published, 0 undecided");
      }
    }
  }

  @Test
  void aRedriveThatIsNotInTheBinlogIsPublished(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "redriven", 1);
    fixture.provision();
    OutboxEvent redriven = portfolio();
    OutboxEvent untouched = portfolio();

    try (TopicReader topic = fixture.reader(EventDomain.PORTFOLIO)) {
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        fixture.write(0, redriven, untouched);
        topic.await(2);
      }
      redriveUnlogged(sandbox, fixture, redriven);
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();

        ConsumerRecord<String, byte[]> again = topic.await(3).get(2);
        assertEquals(redriven.id().toString(), TopicReader.header(again, "id"));
        assertEquals("1", TopicReader.header(again, "outbox-redrive"));
        assertEquals("sweep", TopicReader.header(again, "outbox-replay"));
        Await.until(
            () ->
                fixture
                    .text(0, "SELECT COUNT(*) FROM outbox_events WHERE status = 'PUBLISHED'")
                    .equals("2"));
        assertEquals(1, relay.statistics().of(S0).count(Counter.REPLAYED_EVENTS));
      }
    }
  }

  /** Redrives an event without writing the change to the binlog. */
  private static void redriveUnlogged(Sandbox sandbox, RelayFixture fixture, OutboxEvent event)
      throws Exception {
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute("USE `" + fixture.database(0).name() + "`");
      statement.execute("SET SESSION sql_log_bin = 0");
      statement.execute(
          """
          UPDATE outbox_events SET headers = JSON_OBJECT('outbox-redrive', '1')
          WHERE id = '%s'\
          """
              .formatted(event.id()));
    }
  }

  @Test
  void rowsFromBeforeTheProvisioningAreReconciledOnce(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "before", 1);
    List<OutboxEvent> before = chats(230);
    fixture.write(0, before.toArray(OutboxEvent[]::new));
    fixture.provision();
    OutboxEvent after = RelayFixture.chat("r", "{}");

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      try (LogCapture log = new LogCapture();
          Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        topic.await(before.size());
        log.await("gap (new) is reconciled: 230 rows checked, 230 published, 0 undecided");
      }
      try (Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        Await.until(() -> relay.states().get(S0) == ShardState.RUNNING);
        fixture.write(0, after);
        List<ConsumerRecord<String, byte[]>> records = topic.awaitId(after.id());
        assertEquals(before.size() + 1, records.size());
        assertTrue(
            records.stream()
                .limit(before.size())
                .allMatch(record -> TopicReader.header(record, "outbox-replay").equals("gap")));
      }
    }
  }
}
