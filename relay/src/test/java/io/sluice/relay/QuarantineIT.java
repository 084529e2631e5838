package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.Domains.Completion;
import io.sluice.relay.record.Domains.Unpublishable;
import io.sluice.relay.record.RecordFormat;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Unpublishable rows. */
@SandboxTest
class QuarantineIT {

  private static final String JSON = "{\"b\":100.00,\"a\":\"😀\"}";

  private static final EventDomain RISK = EventDomain.of("RISK");

  /** The domain of a topic with a lower limit than the relay's. */
  private static final EventDomain SMALL = EventDomain.of("SMALL");

  /** The domain of a topic whose limit is lowered while the relay runs. */
  private static final EventDomain LOWERED = EventDomain.of("LOWERED");

  /** The shard with an event that its handlers tried before the shard was provisioned. */
  private static final int TRIED_SHARD = 0;

  private static final int SHARDS = 8;
  private static final AtomicInteger NEXT_SHARD = new AtomicInteger(TRIED_SHARD + 1);

  private static final OutboxEvent TRIED = risk();

  private static RelayFixture shared;
  private static Relay sharedRelay;

  @BeforeAll
  static void startRelay(Sandbox sandbox) throws SQLException {
    shared = new RelayFixture(sandbox, "shared", SHARDS);
    sandbox.topics().create("shared-event-small", 1, Map.of("max.message.bytes", "100000"));
    sandbox.topics().create("shared-event-small.dlq", 1, Map.of("max.message.bytes", "20000"));
    shared.write(TRIED_SHARD, TRIED);
    shared.database(TRIED_SHARD).run("UPDATE outbox_events SET status = 'RETRY', retry_count = 2");
    RelayConfig config = shared.config(EventDomain.CHAT, SMALL, LOWERED);
    RelayFixture.provision(config);
    sharedRelay = RelayFixture.relay(config);
    sharedRelay.start();
  }

  @AfterAll
  static void stopRelay() {
    sharedRelay.close();
  }

  private static OutboxEvent risk() {
    return OutboxEvent.builder(RISK, "limit_hit").aggregate("account", "7").json(JSON).build();
  }

  private static OutboxEvent large(EventDomain domain, int bytes) {
    return OutboxEvent.builder(domain, "message_sent")
        .aggregate("room", "r")
        .json("\"" + "x".repeat(bytes - 2) + "\"")
        .build();
  }

  @Test
  void anEventOfAnUnknownDomainIsQuarantinedAndTheNextOneIsDelivered() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    OutboxEvent unknown = risk();
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (TopicReader letters = shared.strayDeadLetters(shard);
        TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      shared.write(shard, unknown, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      ConsumerRecord<String, byte[]> letter = letters.awaitId(unknown.id()).get(0);
      assertEquals("7", letter.key());
      assertArrayEquals(JSON.getBytes(StandardCharsets.UTF_8), letter.value());
      assertEquals("RISK", TopicReader.header(letter, "outbox-domain"));
      String error = TopicReader.header(letter, "outbox-error");
      assertTrue(error.contains("domain RISK is not configured"), error);
      assertEquals(error, TopicReader.header(letter, "kafka_dlt-exception-message"));
      assertEquals(
          "java.lang.IllegalArgumentException",
          TopicReader.header(letter, "kafka_dlt-exception-fqcn"));
      assertEquals("(none)", TopicReader.header(letter, "kafka_dlt-original-topic"));
      Await.until(() -> shared.outcome(shard, unknown.id()).startsWith("FAILED|domain RISK"));
      assertEquals("PENDING", shared.outcome(shard, next.id()));
    }
  }

  @Test
  void anEventThatIsTooLargeForItsTopicIsQuarantinedWithItsHash() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    String json = "\"" + "x".repeat(2 << 20) + "\"";
    OutboxEvent large = RelayFixture.chat("r", json);
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (TopicReader letters = shared.deadLetters(EventDomain.CHAT, shard);
        TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      shared.write(shard, large, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      ConsumerRecord<String, byte[]> letter = letters.awaitId(large.id()).get(0);
      assertNull(letter.value());
      assertEquals(
          shared.eventTopics() + "chat", TopicReader.header(letter, "kafka_dlt-original-topic"));
      assertEquals("0", TopicReader.header(letter, "outbox-attempts"));
      assertEquals(
          large.createdAt().toEpochMilli(),
          ByteBuffer.wrap(letter.headers().lastHeader("kafka_dlt-original-timestamp").value())
              .getLong());
      assertEquals("CreateTime", TopicReader.header(letter, "kafka_dlt-original-timestamp-type"));
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(json.getBytes(StandardCharsets.UTF_8));
      assertEquals(
          HexFormat.of().formatHex(hash), TopicReader.header(letter, "outbox-payload-sha256"));
      Await.until(() -> shared.outcome(shard, large.id()).startsWith("FAILED|the record has "));
    }
  }

  @Test
  void anEventThatIsTooLargeForAnExistingTopicIsQuarantinedAndTheNextOneIsDelivered()
      throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    OutboxEvent large = large(SMALL, 150_000);
    OutboxEvent middling = large(SMALL, 90_000);

    try (TopicReader letters = shared.deadLetters(SMALL, shard);
        TopicReader topic = shared.reader(SMALL, shard)) {
      shared.write(shard, large, middling);

      assertEquals(
          List.of(middling.id().toString()), TopicReader.ids(topic.awaitId(middling.id())));
      ConsumerRecord<String, byte[]> letter = letters.awaitId(large.id()).get(0);
      assertNull(letter.value());
      assertEquals(64, TopicReader.header(letter, "outbox-payload-sha256").length());
      Await.until(() -> shared.outcome(shard, large.id()).contains("(its max.message.bytes)"));
    }
  }

  /** All columns that become keys, headers or parts of messages. */
  @Test
  void aRowThatFitsIntoNoRecordIsQuarantinedAndTheNextOneIsDelivered() throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    Database database = shared.database(shard);
    String insert =
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
          headers, created_at, updated_at)
        VALUES ('%s', %s, %s, 'room', %s, '{}', JSON_OBJECT('outbox-redrive', %s),
          UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))\
        """;
    String large = "REPEAT('k', 3000000)";
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (TopicReader letters = shared.deadLetters(EventDomain.CHAT, shard);
        TopicReader strays = shared.strayDeadLetters(shard);
        TopicReader topic = shared.reader(EventDomain.CHAT, shard)) {
      for (String column : List.of("domain", "event_type", "aggregate_id")) {
        database.run("ALTER TABLE outbox_events MODIFY %s LONGTEXT NOT NULL".formatted(column));
      }
      database.run(insert.formatted("large-key", "'CHAT'", "'t'", large, "'1'"));
      database.run(insert.formatted("large-type", "'CHAT'", large, "'1'", "'1'"));
      database.run(insert.formatted("large-count", "'CHAT'", "'t'", "'1'", large));
      database.run(insert.formatted("large-domain", large, "'t'", "'1'", "'1'"));
      shared.write(shard, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      assertEquals(
          Set.of("large-key", "large-type", "large-count"),
          Set.copyOf(TopicReader.ids(letters.await(3))));
      assertEquals(List.of("large-domain"), TopicReader.ids(strays.await(1)));
      for (String id : List.of("large-key", "large-type", "large-count")) {
        Await.until(() -> shared.outcome(shard, id).startsWith("FAILED|the record has "));
      }
      Await.until(() -> shared.outcome(shard, "large-domain").startsWith("FAILED|"));
    }
  }

  @Test
  void aLoweredTopicLimitDoesNotStopTheShard(Sandbox sandbox) throws Exception {
    int shard = NEXT_SHARD.getAndIncrement();
    OutboxEvent first = large(LOWERED, 10);
    OutboxEvent large = large(LOWERED, 50_000);
    OutboxEvent next = large(LOWERED, 10);

    try (TopicReader topic = shared.reader(LOWERED, shard)) {
      shared.write(shard, first);
      topic.awaitId(first.id());
      setMaxMessageBytes(sandbox, shared.eventTopics() + "lowered", 20_000);
      shared.write(shard, large, next);

      assertEquals(
          List.of(first.id().toString(), next.id().toString()),
          TopicReader.ids(topic.awaitId(next.id())));
      Await.until(() -> shared.outcome(shard, large.id()).startsWith("FAILED|the record has "));
      assertEquals(
          0,
          sharedRelay.statistics().of(shared.source(shard).id()).count(Counter.OPERATOR_FAILURES));
    }
  }

  @EnumSource
  @ParameterizedTest
  void aRecordThatKafkaRefusesIsQuarantinedAndTheOthersAreDelivered(
      DeliveryGuarantee delivery, Sandbox sandbox) throws Exception {
    String name = "broker" + (delivery == DeliveryGuarantee.EXACTLY_ONCE ? "exactly" : "least");
    RelayFixture fixture = new RelayFixture(sandbox, name, 1);
    sandbox
        .topics()
        .create(name + "-event-chat", 1, Map.of("message.timestamp.before.max.ms", "20000"));
    fixture.provision();
    // So many that most are in one producer batch with the refused record, which fails all of them.
    List<OutboxEvent> events =
        new ArrayList<>(Stream.generate(() -> RelayFixture.chat("r", "{}")).limit(200).toList());
    OutboxEvent refused =
        OutboxEvent.builder(EventDomain.CHAT, "message_sent")
            .aggregate("room", "r")
            .json("{}")
            .createdAt(Instant.now().minusSeconds(40))
            .build();
    OutboxEvent last = RelayFixture.chat("r", "{}");

    try (TopicReader letters = fixture.deadLetters(EventDomain.CHAT);
        TopicReader topic = fixture.reader(EventDomain.CHAT);
        Relay relay = RelayFixture.relay(with(delivery, fixture.config()))) {
      relay.start();
      events.addAll(List.of(refused, last));
      fixture.write(0, events.toArray(OutboxEvent[]::new));
      letters.awaitId(refused.id());
      List<String> ids = TopicReader.ids(topic.awaitId(last.id()));
      assertFalse(ids.contains(refused.id().toString()));
      if (delivery == DeliveryGuarantee.EXACTLY_ONCE) {
        events.remove(refused);
        assertEquals(events.stream().map(event -> event.id().toString()).toList(), ids);
      }
      Await.until(
          () -> fixture.outcome(0, refused.id()).startsWith("FAILED|Kafka refuses the record: "));
      assertEquals(0, relay.statistics().of(ShardId.of("s0")).count(Counter.OPERATOR_FAILURES));
    }
  }

  private static RelayConfig with(DeliveryGuarantee delivery, RelayConfig config) {
    Publishing publishing = config.publishing();
    return ConfigVariants.with(
        config,
        new Publishing(delivery, publishing.topics(), publishing.format(), publishing.domains()));
  }

  private static void setMaxMessageBytes(Sandbox sandbox, String topic, int bytes)
      throws Exception {
    ConfigEntry entry = new ConfigEntry("max.message.bytes", Integer.toString(bytes));
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      admin
          .incrementalAlterConfigs(
              Map.of(
                  new ConfigResource(ConfigResource.Type.TOPIC, topic),
                  List.of(new AlterConfigOp(entry, AlterConfigOp.OpType.SET))))
          .all()
          .get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aRowWhoseTopicCannotBeCreatedIsQuarantinedAndTheNextOneIsDelivered(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "refused", 1);
    // Kafka rejects a second name that differs only in these characters.
    sandbox.topics().create("refused-to.day", 1);
    RelayConfig config = byAggregateType(fixture, sandbox.topicPrefix() + "refused-");
    RelayFixture.provision(config);
    OutboxEvent refused = ofType("to_day");
    OutboxEvent invalid = ofType("to day");
    OutboxEvent next = ofType("morrow");

    try (Relay relay = RelayFixture.relay(config);
        TopicReader strays = fixture.strayDeadLetters()) {
      relay.start();
      fixture.write(0, refused, invalid, next);

      strays.awaitId(invalid.id());
      try (TopicReader topic = fixture.reader(sandbox.topicPrefix() + "refused-morrow");
          TopicReader letters = fixture.reader(sandbox.topicPrefix() + "refused-to_day.dlq")) {
        topic.awaitId(next.id());
        letters.awaitId(refused.id());
      }
      Await.until(() -> fixture.outcome(0, refused.id()).contains("could not be created"));
    }
  }

  private static OutboxEvent ofType(String aggregateType) {
    return OutboxEvent.builder(EventDomain.CHAT, "message_sent")
        .aggregate(aggregateType, "1")
        .json("{}")
        .build();
  }

  private static RelayConfig byAggregateType(RelayFixture fixture, String prefix) {
    RelayConfig plain = fixture.config();
    TopicSettings topics =
        new TopicSettings(new TopicTemplate(prefix + "${aggregateType}"), 1, (short) 1, 2 << 20);
    return ConfigVariants.with(
        plain,
        new Publishing(
            DeliveryGuarantee.EXACTLY_ONCE,
            topics,
            RecordFormat.PLAIN,
            plain.publishing().domains()));
  }

  @Test
  void aRecordFromTheTableHasTheNumberOfFailedAttempts() {
    try (TopicReader letters = shared.strayDeadLetters(TRIED_SHARD)) {
      ConsumerRecord<String, byte[]> letter = letters.awaitId(TRIED.id()).get(0);
      assertEquals("2", TopicReader.header(letter, "outbox-attempts"));
      assertEquals("gap", TopicReader.header(letter, "outbox-replay"));
    }
  }

  /** Here the policy for unknown domains and for the domain of large events is to stop. */
  @Test
  void withThePolicyStopOnlyTheShardStopsAndNothingIsSkipped(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "stop", 3);
    fixture.provision();
    Domains stopping =
        new Domains(
            Map.of(
                EventDomain.CHAT,
                Domains.Settings.DEFAULT,
                EventDomain.PORTFOLIO,
                new Domains.Settings(Completion.HANDLERS, Unpublishable.STOP)),
            Unpublishable.STOP);
    OutboxEvent unknown = risk();
    OutboxEvent behind = RelayFixture.chat("r", "{}");
    OutboxEvent elsewhere = RelayFixture.chat("r", "{}");

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      try (Relay relay = RelayFixture.relay(fixture.config(stopping))) {
        relay.start();
        fixture.write(0, unknown, behind);
        fixture.write(2, large(EventDomain.PORTFOLIO, 2 << 20));
        Await.until(() -> relay.states().get(ShardId.of("s0")) == ShardState.STOPPED);
        Await.until(() -> relay.states().get(ShardId.of("s2")) == ShardState.STOPPED);
        fixture.write(1, large(EventDomain.CHAT, 2 << 20), elsewhere);
        assertEquals(List.of(elsewhere.id().toString()), TopicReader.ids(topic.await(1)));
        assertEquals("PENDING", fixture.outcome(0, unknown.id()));
      }
      try (Relay relay = RelayFixture.relay(fixture.config(EventDomain.CHAT, RISK))) {
        relay.start();
        topic.awaitId(behind.id());
        try (TopicReader risk = fixture.reader(RISK)) {
          assertEquals(List.of(unknown.id().toString()), TopicReader.ids(risk.await(1)));
        }
      }
    }
  }
}
