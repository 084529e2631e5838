package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.RelayConfig.Publishing;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.KafkaServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.KafkaSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;

/** Kafka deletes records by their timestamps, also those that are not read yet. */
@SandboxTest
class RecordTimesIT {

  private static final int PARTITIONS = 3;

  @Test
  void retentionDeletesNoEventBeforeItIsRead(Sandbox sandbox) throws Exception {
    try (KafkaServer kafka =
        KafkaServer.start(
            new KafkaSettings(
                Map.of(
                    "log.retention.check.interval.ms", "500",
                    "log.initial.task.delay.ms", "500")))) {
      Sandbox own = Sandbox.on(new SandboxServers(sandbox.mysql(), kafka), "times");
      RelayFixture fixture = new RelayFixture(own, "retention", 1);
      RelayConfig config = atLeastOnce(fixture.config());
      RelayFixture.provision(config);
      List<OutboxEvent> events =
          IntStream.range(0, 50).mapToObj(i -> event(Duration.ofDays(30))).toList();
      OutboxEvent strange =
          OutboxEvent.builder(EventDomain.of("STRANGE"), "t")
              .aggregate("a", "1")
              .json("{}")
              .createdAt(Instant.now().minus(Duration.ofDays(30)))
              .build();

      try (Relay relay = RelayFixture.relay(config)) {
        relay.start();
        fixture.write(0, events.toArray(OutboxEvent[]::new));
        fixture.write(0, strange);
        try (TopicReader topic = fixture.reader(EventDomain.CHAT)) {
          topic.await(50);
        }
        try (TopicReader letters = fixture.strayDeadLetters()) {
          letters.await(1);
        }
        awaitRetentionCheck(own);
        assertEquals(Set.of(0L), begins(own, fixture.eventTopics() + "chat", PARTITIONS));
        assertEquals(Set.of(0L), begins(own, config.identity().topics().deadLetters(), PARTITIONS));
      }
    }
  }

  @Test
  void recordsHaveTheirCreationTimeInAHeader(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "header", 1);
    fixture.provision();
    OutboxEvent late = event(Duration.ofMinutes(2));
    OutboxEvent recent = event(Duration.ZERO);
    OutboxEvent ahead = event(Duration.ofHours(-14));

    try (TopicReader topic = fixture.reader(EventDomain.CHAT);
        Relay relay = RelayFixture.relay(fixture.config())) {
      relay.start();
      fixture.write(0, late, recent, ahead);
      for (OutboxEvent event : List.of(late, recent, ahead)) {
        var record =
            topic.awaitId(ahead.id()).stream()
                .filter(any -> TopicReader.header(any, "id").equals(event.id().toString()))
                .findFirst()
                .orElseThrow();
        assertEquals(event.createdAt().toString(), TopicReader.header(record, "outbox-created-at"));
        Duration age = Duration.between(Instant.ofEpochMilli(record.timestamp()), Instant.now());
        assertTrue(!age.isNegative() && age.toMinutes() < 2, "published " + age + " ago");
      }
    }
  }

  private static OutboxEvent event(Duration age) {
    return OutboxEvent.builder(EventDomain.CHAT, "message_sent")
        .aggregate("room", "r")
        .json("{}")
        .createdAt(Instant.now().minus(age))
        .build();
  }

  private static RelayConfig atLeastOnce(RelayConfig config) {
    Publishing publishing = config.publishing();
    return ConfigVariants.with(
        config,
        new Publishing(
            DeliveryGuarantee.AT_LEAST_ONCE,
            publishing.topics(),
            publishing.format(),
            publishing.domains()));
  }

  /** Waits until the broker has deleted an old record that was sent now. */
  private static void awaitRetentionCheck(Sandbox sandbox) throws Exception {
    String topic = sandbox.topics().create("marker", 1, Map.of("retention.ms", "60000"));
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, 0, 1L, null, new byte[1])).get();
    }
    Await.until(() -> begins(sandbox, topic, 1).equals(Set.of(1L)));
  }

  private static Set<Long> begins(Sandbox sandbox, String topic, int partitions) {
    try (Admin admin =
        Admin.create(Map.of("bootstrap.servers", sandbox.kafka().bootstrapServers()))) {
      return admin
          .listOffsets(
              IntStream.range(0, partitions)
                  .boxed()
                  .collect(
                      Collectors.toMap(
                          partition -> new TopicPartition(topic, partition),
                          partition -> OffsetSpec.earliest())))
          .all()
          .get()
          .values()
          .stream()
          .map(begin -> begin.offset())
          .collect(Collectors.toSet());
    } catch (ExecutionException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
