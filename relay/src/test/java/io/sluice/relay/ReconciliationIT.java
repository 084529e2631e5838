package io.sluice.relay;

import static io.sluice.relay.record.Domains.Unpublishable.QUARANTINE;
import static io.sluice.relay.record.Domains.Unpublishable.STOP;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.maintenance.CleanupSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.reconcile.ReconcileSettings;
import io.sluice.relay.record.Domains;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Reconciliation with rows that cannot be decided or published. */
@SandboxTest
class ReconciliationIT {

  private static final ShardId S0 = ShardId.of("s0");
  private static final String NEVER_CONFIGURED = "RISK";
  private static final ReconcileSettings AT_ONCE =
      new ReconcileSettings(true, Duration.ZERO, Duration.ofHours(1));

  private static final Duration BOUND = Duration.ofMinutes(3);

  private final Instant now = Instant.now();

  @Test
  void anUnfinishedGapBlocksNeitherTheNextGapNorTheOtherRows(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "two_gaps", 1);
    fixture.provision();
    insert(sandbox, fixture, "stuck", NEVER_CONFIGURED, hoursAgo(9));
    insert(sandbox, fixture, "second", "CHAT", hoursAgo(3));
    insert(sandbox, fixture, "in-no-gap", "CHAT", hoursAgo(20));
    store(fixture, gap(10, 8, "first"), gap(4, 2, "second"));

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        LogCapture log = new LogCapture();
        Relay relay = RelayFixture.relay(config(fixture))) {
      relay.start();
      log.await("gap (second) is reconciled: 1 rows checked, 1 published, 0 undecided");
      List<ConsumerRecord<String, byte[]>> records = topic.await(2);
      assertEquals("second", TopicReader.header(records.get(0), "id"));
      assertEquals("in-no-gap", TopicReader.header(records.get(1), "id"));
      assertEquals("sweep", TopicReader.header(records.get(1), "outbox-replay"));
    }
  }

  @Test
  void aGapDecidesOnlyRowsOfItsOwnPeriod(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "proof", 1);
    fixture.provision();
    String topic = fixture.eventTopics() + "chat";
    allowDeletion(sandbox, topic);
    insert(sandbox, fixture, "inside", "CHAT", hoursAgo(9));
    insert(sandbox, fixture, "held", "CHAT", hoursAgo(9));
    insert(sandbox, fixture, "behind", "CHAT", hoursAgo(8).plusSeconds(600));
    store(fixture, gap(10, 8, "proof"));

    try (TopicReader reader = fixture.reader(EventDomain.CHAT);
        LogCapture log = new LogCapture();
        Connection holder = fixture.connect(0);
        Statement statement = holder.createStatement()) {
      statement.execute("SELECT * FROM outbox_events WHERE id = 'held' FOR UPDATE");
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        reader.await(1);
        deleteAll(sandbox, topic);
        holder.rollback();
        log.await("gap (proof) is reconciled: 3 rows checked, 2 published, 1 undecided");
      }
    }
  }

  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // flush() waits
  void aTopicThatCannotBeReadBlocksNoOther(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "trouble", 1);
    fixture.provision();
    insert(sandbox, fixture, "a-chat", "CHAT", hoursAgo(9));
    insert(sandbox, fixture, "a-portfolio", "PORTFOLIO", hoursAgo(9));
    store(fixture, gap(10, 8, "trouble"));
    Map<String, Object> settings =
        kafka(sandbox)
            .with(
                Map.of(
                    "transactional.id",
                    sandbox.topicPrefix() + "stranger",
                    "transaction.timeout.ms",
                    600_000));

    try (KafkaProducer<byte[], byte[]> stranger =
            new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
        TopicReader portfolio = fixture.reader(EventDomain.PORTFOLIO);
        TopicReader chat = fixture.reader(EventDomain.CHAT)) {
      stranger.initTransactions();
      stranger.beginTransaction();
      for (String domain : List.of("chat", "portfolio")) {
        stranger.send(new ProducerRecord<>(fixture.eventTopics() + domain, 0, null, new byte[1]));
        stranger.flush();
        if (domain.equals("chat")) {
          stranger.commitTransaction();
          stranger.beginTransaction();
        }
      }
      try (LogCapture log = new LogCapture();
          Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        String trouble = "rows of topic " + fixture.eventTopics() + "portfolio wait";
        Await.until(BOUND, trouble, () -> log.all().contains(trouble));
        assertEquals("a-chat", TopicReader.header(chat.await(2).get(1), "id"));
        stranger.abortTransaction();
        Await.until(
            BOUND, "the other row", () -> log.all().contains("gap (trouble) is reconciled: 2"));
        assertEquals("a-portfolio", TopicReader.header(portfolio.await(1).get(0), "id"));
      }
    }
  }

  /** The record has the time of its row, because that is younger than a minute. */
  @Test
  void aRowThatKafkaRefusesBlocksNoOther(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "refusing", 1);
    fixture.provision();
    String topic = fixture.eventTopics() + "portfolio";
    set(sandbox, topic, "message.timestamp.before.max.ms", "5000");
    Instant recent = Instant.now().minusSeconds(8);
    insert(sandbox, fixture, "1", "CHAT", recent);
    insert(sandbox, fixture, "2", "PORTFOLIO", recent);
    insert(sandbox, fixture, "3", "CHAT", recent);
    insert(sandbox, fixture, "in-no-gap", "CHAT", hoursAgo(20));
    store(fixture, new ReconcileGap(S0, Optional.of(recent.minusSeconds(9)), now, "refused"));
    Domains domains =
        new Domains(
            Map.of(
                EventDomain.CHAT,
                Domains.Settings.DEFAULT,
                EventDomain.PORTFOLIO,
                new Domains.Settings(Domains.Completion.HANDLERS, STOP)),
            STOP);
    RelayConfig config = config(fixture, domains);

    try (TopicReader chat = fixture.reader(EventDomain.CHAT);
        TopicReader portfolio = fixture.reader(EventDomain.PORTFOLIO);
        LogCapture log = new LogCapture()) {
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        assertEquals(Set.of("1", "3", "in-no-gap"), Set.copyOf(TopicReader.ids(chat.await(3))));
        String problem = relay.statistics().of(S0).failure().orElseThrow().problem();
        assertTrue(problem.startsWith("event 2"), problem);
        assertEquals(0, relay.statistics().of(S0).count(Counter.OPERATOR_FAILURES));
      }
      set(sandbox, topic, "message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE));
      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        assertEquals(List.of("2"), TopicReader.ids(portfolio.await(1)));
        log.await("gap (refused) is reconciled: 3 rows checked, 1 published, 0 undecided");
      }
    }
  }

  @Test
  void rowsWithoutADateAreQuarantinedAndBlockNoOther(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "no_time", 1);
    fixture.provision();
    insert(sandbox, fixture, "good", "CHAT", hoursAgo(9));
    insert(sandbox, fixture, "zero", "CHAT", hoursAgo(9));
    insert(sandbox, fixture, "no-day", "CHAT", hoursAgo(9));
    insert(sandbox, fixture, "no-such-day", "CHAT", hoursAgo(9));
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute("USE `" + fixture.database(0).name() + "`");
      statement.execute("SET SESSION sql_log_bin = 0, SESSION sql_mode = 'ALLOW_INVALID_DATES'");
      statement.execute("UPDATE outbox_events SET created_at = 0 WHERE id = 'zero'");
      statement.execute("UPDATE outbox_events SET created_at = '2024-05-00' WHERE id = 'no-day'");
      statement.execute(
          "UPDATE outbox_events SET created_at = '2024-02-31' WHERE id = 'no-such-day'");
    }
    store(fixture, gap(10, 8, "no time"));
    Domains setAside = new Domains(Map.of(EventDomain.CHAT, Domains.Settings.DEFAULT), QUARANTINE);

    try (TopicReader chat = fixture.reader(EventDomain.CHAT);
        Relay relay = RelayFixture.relay(fixture.config(setAside))) {
      relay.start();
      assertEquals("good", TopicReader.header(chat.await(1).get(0), "id"));
      Await.until(
          () ->
              fixture
                  .text(
                      0,
                      "SELECT CONCAT(COUNT(*), MAX(last_error)) FROM outbox_events"
                          + " WHERE status = 'FAILED'")
                  .equals("3column 'created_at' is NULL or not a date"));
    }
  }

  /** The session of the writer had the time zone +14:00. */
  @Test
  void aGapFindsRowsWithATimeAheadAndDoesNotPublishThemTwice(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "ahead", 1);
    fixture.provision();
    allowDeletion(sandbox, fixture.eventTopics() + "chat");
    Instant ahead = now.plus(Duration.ofHours(14));
    insert(sandbox, fixture, UUID.randomUUID().toString(), "CHAT", ahead);
    insert(sandbox, fixture, timeBased(now.minusSeconds(60)), "CHAT", ahead);
    insert(sandbox, fixture, timeBased(now.minusSeconds(60)), "CHAT", hoursAgo(800));
    store(
        fixture,
        new ReconcileGap(S0, Optional.of(now.minusSeconds(90)), now.minusSeconds(30), "zones"));

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        LogCapture log = new LogCapture()) {
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        log.await("gap (zones) is reconciled: 3 rows checked, 3 published, 0 undecided");
        topic.await(3);
      }
      store(fixture, new ReconcileGap(S0, Optional.of(hoursAgo(1)), hoursAgo(0), "again"));
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        log.await("gap (again) is reconciled: 3 rows checked, 0 published, 0 undecided");
      }
    }
  }

  /** The session of the writer had the time zone +13:00, and its row was read from the binlog. */
  @Test
  @SuppressWarnings("FutureReturnValueIgnored") // closing the producer waits
  void aGapOfStatementsDoesNotRepeatRowsWithATimeAhead(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "statements", 1);
    fixture.provision();
    String id = UUID.randomUUID().toString();
    insert(sandbox, fixture, id, "CHAT", now.minusSeconds(60));
    ProducerRecord<byte[], byte[]> published =
        new ProducerRecord<>(
            fixture.eventTopics() + "chat", 0, hoursAgo(13).toEpochMilli(), null, new byte[1]);
    published.headers().add("id", id.getBytes(StandardCharsets.UTF_8));
    try (KafkaProducer<byte[], byte[]> producer = producer(sandbox)) {
      producer.send(published);
    }
    store(
        fixture,
        new ReconcileGap(
            S0,
            Optional.of(now.minusSeconds(90)),
            now.minusSeconds(30),
            ReconcileGap.OF_STATEMENTS));

    try (LogCapture log = new LogCapture();
        Relay relay = RelayFixture.relay(config(fixture))) {
      relay.start();
      log.await("ROW) is reconciled: 1 rows checked, 0 published, 0 undecided");
    }
  }

  @Test
  void gapsOfStatementsAreReconciledTogether(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "together", 1);
    fixture.provision();
    for (int hours = 9; hours > 1; hours -= 2) {
      insert(sandbox, fixture, "at-" + hours, "CHAT", hoursAgo(hours));
      store(fixture, gap(hours + 1, hours - 1, ReconcileGap.OF_STATEMENTS));
    }

    try (LogCapture log = new LogCapture();
        Relay relay = RelayFixture.relay(config(fixture))) {
      relay.start();
      log.await("ROW) is reconciled: 4 rows checked, 4 published, 0 undecided");
    }
    try (LogCapture log = new LogCapture();
        Relay relay = RelayFixture.relay(config(fixture))) {
      insert(sandbox, fixture, "in-no-gap", "CHAT", hoursAgo(20));
      relay.start();
      log.await("published 1 rows");
      assertFalse(log.all().contains("is reconciled"));
    }
  }

  @Test
  void openRowsOnTheirTopicsAreReportedAfterAServerHasLostTransactions(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "lost_status", 1);
    fixture.provision();
    insert(sandbox, fixture, timeBased(hoursAgo(20)), "CHAT", hoursAgo(20));
    store(fixture, gap(21, 19, "first"));
    try (LogCapture log = new LogCapture()) {
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        log.await("gap (first) is reconciled: 1 rows checked, 1 published, 0 undecided");
      }
      store(fixture, gap(2, 1, "db " + ReconcileGap.LACKS_TRANSACTIONS));
      try (Relay relay = RelayFixture.relay(config(fixture))) {
        relay.start();
        log.await("are PENDING or RETRY and their events are on their topics, such as event");
        log.await("relayed) is reconciled: 1 rows checked, 0 published, 0 undecided");
        assertEquals(1, relay.statistics().of(S0).count(Counter.REOPENED_ROWS));
      }
    }
  }

  private static String timeBased(Instant time) {
    UUID random = UUID.randomUUID();
    return new UUID(
            (time.toEpochMilli() << 16) | 0x7000 | (random.getMostSignificantBits() & 0xFFF),
            random.getLeastSignificantBits())
        .toString();
  }

  private static RelayConfig config(RelayFixture fixture) {
    Domains domains =
        new Domains(
            Map.of(
                EventDomain.CHAT, Domains.Settings.DEFAULT,
                EventDomain.PORTFOLIO, Domains.Settings.DEFAULT),
            STOP);
    return config(fixture, domains);
  }

  private static RelayConfig config(RelayFixture fixture, Domains domains) {
    return ConfigVariants.with(
        fixture.config(domains),
        new MaintenanceSettings(CleanupSettings.DEFAULT, AT_ONCE, Duration.ofDays(1)));
  }

  private Instant hoursAgo(int hours) {
    return now.minus(Duration.ofHours(hours));
  }

  private ReconcileGap gap(int from, int until, String cause) {
    return new ReconcileGap(S0, Optional.of(hoursAgo(from)), hoursAgo(until), cause);
  }

  /** Inserts a row that is not in the binlog. */
  private static void insert(
      Sandbox sandbox, RelayFixture fixture, String id, String domain, Instant createdAt)
      throws SQLException {
    try (Connection admin = sandbox.mysql().connect();
        Statement statement = admin.createStatement()) {
      statement.execute("USE `" + fixture.database(0).name() + "`");
      statement.execute("SET SESSION sql_log_bin = 0, SESSION time_zone = '+00:00'");
      statement.execute(
          """
          INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
            event_data, status, created_at, updated_at)
          VALUES ('%s', '%s', 't', 'a', '1', '{}', 'PENDING', FROM_UNIXTIME(%d), UTC_TIMESTAMP(6))\
          """
              .formatted(id, domain, createdAt.getEpochSecond()));
    }
  }

  /** Stores gaps like former owners of the shard. */
  private static void store(RelayFixture fixture, ReconcileGap... gaps) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(fixture.sandbox())) {
      for (ReconcileGap gap : gaps) {
        var slot = fixture.config().identity().topics().slot(S0, 0);
        producer.send(slot.record(gap)).get();
      }
    }
  }

  private static void allowDeletion(Sandbox sandbox, String topic) throws Exception {
    set(sandbox, topic, "cleanup.policy", "compact,delete");
  }

  private static void set(Sandbox sandbox, String topic, String name, String value)
      throws Exception {
    try (Admin admin = Admin.create(kafka(sandbox).forAdmin())) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(
                      new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET))))
          .all()
          .get();
    }
  }

  private static void deleteAll(Sandbox sandbox, String topic) throws Exception {
    Map<TopicPartition, RecordsToDelete> all = new HashMap<>();
    for (int partition = 0; partition < 3; partition++) {
      all.put(new TopicPartition(topic, partition), RecordsToDelete.beforeOffset(-1));
    }
    try (Admin admin = Admin.create(kafka(sandbox).forAdmin())) {
      admin.deleteRecords(all).all().get();
    }
  }

  private static KafkaProducer<byte[], byte[]> producer(Sandbox sandbox) {
    return new KafkaProducer<>(
        kafka(sandbox).with(Map.of()), new ByteArraySerializer(), new ByteArraySerializer());
  }

  private static KafkaSettings kafka(Sandbox sandbox) {
    return new KafkaSettings(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()));
  }
}
