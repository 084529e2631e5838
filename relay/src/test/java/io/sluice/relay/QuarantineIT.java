package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardId;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Care;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.publish.DomainSettings;
import io.sluice.relay.publish.DomainSettings.Completion;
import io.sluice.relay.publish.DomainSettings.Unpublishable;
import io.sluice.relay.publish.Domains;
import io.sluice.relay.publish.RecordFormat;
import io.sluice.relay.publish.TopicSettings;
import io.sluice.relay.shard.ShardState;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.Test;

/** Rows that cannot go to Kafka as they stand. */
@SandboxTest
class QuarantineIT {

  private static final EventDomain RISK = EventDomain.of("RISK");

  private static OutboxEvent risk() {
    return OutboxEvent.builder(RISK, "limit_hit").aggregate("account", "7").json("{}").build();
  }

  private static String status(RelayFixture fixture, Object id) {
    return fixture.text(
        0, "SELECT CONCAT_WS('|', status, last_error) FROM outbox_events WHERE id = '" + id + "'");
  }

  @Test
  void anEventOfAnUnknownDomainIsSetAsideAndTheNextOneIsDelivered(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "unknown", 1);
    fixture.provision();
    OutboxEvent unknown = risk();
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader letters = fixture.strayDeadLetters();
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, unknown, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      ConsumerRecord<String, byte[]> letter = letters.awaitId(unknown.id()).get(0);
      assertEquals("7", letter.key());
      assertEquals("{}", TopicReader.text(letter));
      assertEquals("RISK", TopicReader.header(letter, "outbox-domain"));
      String error = TopicReader.header(letter, "outbox-error");
      assertTrue(error.contains("domain RISK is not configured"), error);
      assertEquals(error, TopicReader.header(letter, "kafka_dlt-exception-message"));
      assertEquals(
          "java.lang.IllegalArgumentException",
          TopicReader.header(letter, "kafka_dlt-exception-fqcn"));
      assertEquals("(none)", TopicReader.header(letter, "kafka_dlt-original-topic"));
      Await.until(() -> status(fixture, unknown.id()).startsWith("FAILED|domain RISK"));
      assertEquals("PENDING", status(fixture, next.id()));
    }
  }

  @Test
  void anEventLargerThanTheTopicTakesIsSetAsideByItsHash(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "large", 1);
    fixture.provision();
    String json = "\"" + "x".repeat(2 << 20) + "\"";
    OutboxEvent large = RelayFixture.chat("r", json);
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader letters = fixture.deadLetters(EventDomain.CHAT);
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, large, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      ConsumerRecord<String, byte[]> letter = letters.awaitId(large.id()).get(0);
      assertNull(letter.value());
      assertEquals(
          fixture.eventTopics() + "chat", TopicReader.header(letter, "kafka_dlt-original-topic"));
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
      Await.until(() -> status(fixture, large.id()).startsWith("FAILED|it takes "));
    }
  }

  @Test
  void anEventLargerThanATopicOfYoursTakesIsSetAsideAndTheNextOneIsDelivered(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "smaller", 1);
    sandbox.topics().create("smaller-event-chat", 1, Map.of("max.message.bytes", "100000"));
    sandbox.topics().create("smaller-event-chat.dlq", 1, Map.of("max.message.bytes", "20000"));
    fixture.provision();
    OutboxEvent large = RelayFixture.chat("r", "\"" + "x".repeat(150_000) + "\"");
    OutboxEvent middling = RelayFixture.chat("r", "\"" + "x".repeat(90_000) + "\"");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader letters = fixture.deadLetters(EventDomain.CHAT);
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, large, middling);

      assertEquals(
          List.of(middling.id().toString()), TopicReader.ids(topic.awaitId(middling.id())));
      ConsumerRecord<String, byte[]> letter = letters.awaitId(large.id()).get(0);
      assertNull(letter.value());
      assertEquals(64, TopicReader.header(letter, "outbox-payload-sha256").length());
      Await.until(() -> status(fixture, large.id()).contains("(its max.message.bytes)"));
    }
  }

  @Test
  void aTopicThatTakesLessThanItDidStopsNothing(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "lowered", 1);
    fixture.provision();
    OutboxEvent first = RelayFixture.chat("r", "{}");
    OutboxEvent large = RelayFixture.chat("r", "\"" + "x".repeat(50_000) + "\"");
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, first);
      topic.awaitId(first.id());
      setMaxMessageBytes(sandbox, fixture.eventTopics() + "chat", 20_000);
      fixture.write(0, large, next);

      assertEquals(
          List.of(first.id().toString(), next.id().toString()),
          TopicReader.ids(topic.awaitId(next.id())));
      Await.until(() -> status(fixture, large.id()).startsWith("FAILED|it takes "));
      assertEquals(0, relay.statistics().of(ShardId.of("s0")).count(Counter.OPERATOR_FAILURES));
    }
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
  void aRowWhoseTopicKafkaDoesNotMakeIsSetAsideAndTheNextOneIsDelivered(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "refused", 1);
    // Kafka takes no two names that differ by these characters only.
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
      Await.until(() -> status(fixture, refused.id()).contains("could not be created"));
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
    return new RelayConfig(
        plain.identity(),
        plain.kafka(),
        new Publishing(
            Delivery.EXACTLY_ONCE, topics, RecordFormat.PLAIN, plain.publishing().domains()),
        plain.care(),
        plain.shards());
  }

  @Test
  void whatIsReadFromItsTableTellsHowOftenItsHandlersHaveFailed(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "attempts", 1);
    OutboxEvent tried = risk();
    fixture.write(0, tried);
    fixture.database(0).run("UPDATE outbox_events SET status = 'RETRY', retry_count = 2");
    fixture.provision();

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader letters = fixture.strayDeadLetters()) {
      relay.start();

      ConsumerRecord<String, byte[]> letter = letters.awaitId(tried.id()).get(0);
      assertEquals("2", TopicReader.header(letter, "outbox-attempts"));
      assertEquals("gap", TopicReader.header(letter, "outbox-replay"));
    }
  }

  @Test
  void rowsThatAreNoEventsAreSetAside(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "noevents", 1);
    fixture.database(0).run("ALTER TABLE outbox_events MODIFY event_type VARCHAR(255) NULL");
    fixture.provision();
    String insert =
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
          event_data, headers, created_at, updated_at)
        VALUES ('%s', '%s', %s, 'a', '1', '{}', %s, UTC_TIMESTAMP(6), UTC_TIMESTAMP(6))""";
    OutboxEvent next = RelayFixture.chat("r", "{}");

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader letters = fixture.strayDeadLetters();
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.database(0).run(insert.formatted("lower-case-domain", "chat", "'t'", "NULL"));
      fixture.database(0).run(insert.formatted("no-event-type", "CHAT", "NULL", "NULL"));
      fixture.database(0).run(insert.formatted("odd-headers", "CHAT", "'t'", "'[1]'"));
      fixture.write(0, next);

      assertEquals(List.of(next.id().toString()), TopicReader.ids(topic.awaitId(next.id())));
      assertEquals(
          List.of("lower-case-domain", "no-event-type", "odd-headers"),
          TopicReader.ids(letters.await(3)));
      Await.until(
          () -> status(fixture, "no-event-type").equals("FAILED|column 'event_type' is NULL"));
      Await.until(() -> status(fixture, "odd-headers").startsWith("FAILED|event headers must be"));
    }
  }

  @Test
  void whereThePolicyIsToStopItStopsItsShardAloneAndPassesNothingOver(Sandbox sandbox)
      throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "stop", 2);
    fixture.provision();
    Domains stopping =
        new Domains(Map.of(EventDomain.CHAT, DomainSettings.DEFAULT), Unpublishable.STOP);
    OutboxEvent unknown = risk();
    OutboxEvent behind = RelayFixture.chat("r", "{}");
    OutboxEvent elsewhere = RelayFixture.chat("r", "{}");

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      try (Relay relay = RelayFixture.relay(fixture.config(Care.DEFAULT, stopping))) {
        relay.start();
        fixture.write(0, unknown, behind);
        Await.until(() -> relay.states().get(ShardId.of("s0")) == ShardState.STOPPED);
        fixture.write(1, elsewhere);
        assertEquals(List.of(elsewhere.id().toString()), TopicReader.ids(topic.await(1)));
        assertEquals("PENDING", status(fixture, unknown.id()));
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

  @Test
  void anEventTooLargeForADomainThatStopsStopsItsShard(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "stoplarge", 1);
    fixture.provision();
    Domains stopping =
        new Domains(
            Map.of(EventDomain.CHAT, new DomainSettings(Completion.HANDLERS, Unpublishable.STOP)),
            Unpublishable.QUARANTINE);

    try (Relay relay = RelayFixture.relay(fixture.config(Care.DEFAULT, stopping))) {
      relay.start();
      fixture.write(0, RelayFixture.chat("r", "\"" + "x".repeat(2 << 20) + "\""));

      Await.until(() -> relay.states().get(ShardId.of("s0")) == ShardState.STOPPED);
    }
  }

  @Test
  void whatIsSetAsideKeepsItsBytes(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "bytes", 1);
    fixture.provision();
    String json = "{\"b\":100.00,\"a\":\"😀\"}";
    OutboxEvent event =
        OutboxEvent.builder(RISK, "limit_hit").aggregate("account", "7").json(json).build();

    try (Relay relay = RelayFixture.relay(fixture.config());
        TopicReader letters = fixture.strayDeadLetters()) {
      relay.start();
      fixture.write(0, event);

      assertArrayEquals(
          json.getBytes(StandardCharsets.UTF_8), letters.awaitId(event.id()).get(0).value());
    }
  }
}
