package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.TopicTemplate;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.RecordFormat;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Optional formats of records, topics and tables. */
@SandboxTest
class RecordFormatIT {

  private static TopicSettings topics(String template) {
    return new TopicSettings(new TopicTemplate(template), 3, (short) 1, 2 << 20);
  }

  @Test
  void cloudEventsHaveTheirAttributes(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "cloud", 1);
    fixture.provision();
    RelayConfig plain = fixture.config();
    RelayConfig config =
        ConfigVariants.with(
            plain,
            new Publishing(
                DeliveryGuarantee.EXACTLY_ONCE,
                plain.publishing().topics(),
                RecordFormat.CLOUD_EVENTS,
                plain.publishing().domains()));
    OutboxEvent event = RelayFixture.chat("r 1", " {\"a\":1}");

    try (Relay relay = RelayFixture.relay(config);
        TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      relay.start();
      fixture.write(0, event);

      ConsumerRecord<String, byte[]> record = topic.await(1).get(0);
      assertEquals("1.0", TopicReader.header(record, "ce_specversion"));
      assertEquals(event.id().toString(), TopicReader.header(record, "ce_id"));
      assertEquals("/sluice/s0/room", TopicReader.header(record, "ce_source"));
      assertEquals("message_sent", TopicReader.header(record, "ce_type"));
      assertEquals("r 1", TopicReader.header(record, "ce_subject"));
      assertEquals(event.createdAt().toString(), TopicReader.header(record, "ce_time"));
      assertEquals("application/json", TopicReader.header(record, "content-type"));
      assertEquals(" {\"a\":1}", TopicReader.text(record));
    }
  }

  @Test
  void aTableForDebeziumsOutboxRouterIsRelayedToItsTopics(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "router", 1);
    fixture
        .database(0)
        .run(
            """
            DROP TABLE outbox_events;
            CREATE TABLE outbox (id BINARY(16) PRIMARY KEY, aggregatetype VARCHAR(255) NOT NULL,
              aggregateid VARCHAR(255) NOT NULL, type VARCHAR(255) NOT NULL, payload JSON)\
            """);
    ShardSource standard = fixture.source(0);
    grantSelect(sandbox, standard);
    String template = sandbox.topicPrefix() + "router-${aggregateType}";
    RelayConfig config =
        ConfigVariants.with(
                fixture.config(),
                new Publishing(
                    DeliveryGuarantee.EXACTLY_ONCE,
                    topics(template),
                    RecordFormat.PLAIN,
                    Domains.of(List.of(EventDomain.of("LEGACY")))))
            .withShards(List.of(RouterTable.of(standard, EventDomain.of("LEGACY"))));
    RelayFixture.provision(config);
    String insert =
        "INSERT INTO outbox VALUES (UUID_TO_BIN('%s'), '%s', '%s', 'OrderCreated', '{\"a\": 1}')";

    try (Relay relay = RelayFixture.relay(config)) {
      relay.start();
      fixture
          .database(0)
          .run(insert.formatted("11111111-2222-7333-8444-555555555555", "Order", "42"));
      fixture.database(0).run(insert.formatted("11111111-2222-7333-8444-555555555556", "a b", "9"));
      try (TopicReader letters = fixture.strayDeadLetters()) {
        ConsumerRecord<String, byte[]> letter = letters.await(1).get(0);
        assertEquals("11111111-2222-7333-8444-555555555556", TopicReader.header(letter, "id"));
      }
      try (TopicReader topic = fixture.reader(template.replace("${aggregateType}", "Order"))) {
        ConsumerRecord<String, byte[]> record = topic.await(1).get(0);
        assertEquals("42", record.key());
        assertEquals("11111111-2222-7333-8444-555555555555", TopicReader.header(record, "id"));
        assertEquals("OrderCreated", TopicReader.header(record, "eventType"));
        assertEquals("{\"a\":1}", TopicReader.text(record).replace(" ", ""));
      }
    }
  }

  private static void grantSelect(Sandbox sandbox, ShardSource source) throws Exception {
    try (var admin = sandbox.mysql().connect();
        var statement = admin.createStatement()) {
      statement.execute(
          "GRANT SELECT ON `%s`.outbox TO '%s'@'%%'"
              .formatted(source.tables().get(0).database(), source.server().login().username()));
    }
  }

  @Test
  void atLeastOnceDeliversEverythingWithoutTransactions(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "atleast", 1);
    RelayConfig plain = fixture.config();
    RelayConfig config =
        ConfigVariants.with(
            plain,
            new Publishing(
                DeliveryGuarantee.AT_LEAST_ONCE,
                plain.publishing().topics(),
                RecordFormat.PLAIN,
                plain.publishing().domains()));
    RelayFixture.provision(config);
    OutboxEvent first = RelayFixture.chat("r", "{}");
    OutboxEvent second = RelayFixture.chat("r", "{}");

    try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
      for (OutboxEvent event : List.of(first, second)) {
        try (Relay relay = RelayFixture.relay(config)) {
          relay.start();
          fixture.write(0, event);
          topic.awaitId(event.id());
        }
      }
      assertEquals(
          List.of(first.id().toString(), second.id().toString()),
          TopicReader.ids(topic.await(2)).stream().distinct().toList());
    }
  }
}
