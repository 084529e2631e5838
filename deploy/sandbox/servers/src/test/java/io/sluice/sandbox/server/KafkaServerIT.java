package io.sluice.sandbox.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.api.ServerStartException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("containers")
class KafkaServerIT {
  private static KafkaServer kafka;

  @BeforeAll
  static void start() {
    kafka = KafkaServer.start(new KafkaSettings(Map.of("message.max.bytes", "2000000")));
    assumeTrue(kafka.isOurs());
  }

  @AfterAll
  static void close() {
    kafka.close();
    kafka.close();
  }

  @Test
  void keepsACommittedTransactionWhenItIsKilledAndRestarted() throws Exception {
    create("killed");
    send("killed", "before");
    kafka.kill();
    kafka.restart();
    send("killed", "after");
    kafka.stop();
    kafka.restart();
    assertEquals(List.of("before", "after"), read("killed", 2));
  }

  @Test
  void makesNoTopicUnasked() {
    try (Admin admin = admin()) {
      ExecutionException failure =
          assertThrows(
              ExecutionException.class,
              () -> admin.describeTopics(List.of("absent")).allTopicNames().get());
      assertTrue(failure.getCause() instanceof UnknownTopicOrPartitionException);
    }
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(producerSettings("absent"))) {
      assertThrows(TimeoutException.class, () -> producer.partitionsFor("absent"));
    }
  }

  @Test
  void quotesTheLogOfABrokerThatDoesNotStart() {
    KafkaSettings wrong = new KafkaSettings(Map.of("num.io.threads", "-1"));
    String failure =
        assertThrows(ServerStartException.class, () -> KafkaServer.start(wrong)).toString();
    assertTrue(failure.contains("num.io.threads"), failure);
  }

  @Test
  void saysHowItWasGot() {
    String description = kafka.description();
    assertTrue(description.matches("Kafka 4[0-9.]+ \\(.+\\) at .+:[0-9]+"), description);
  }

  private static void create(String topic) throws Exception {
    try (Admin admin = admin()) {
      admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
    }
  }

  private static void send(String topic, String value) throws Exception {
    try (KafkaProducer<String, String> producer = new KafkaProducer<>(producerSettings(topic))) {
      producer.initTransactions();
      producer.beginTransaction();
      producer.send(new ProducerRecord<>(topic, value)).get();
      producer.commitTransaction();
    }
  }

  private static List<String> read(String topic, int count) {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers", kafka.bootstrapServers(),
            "group.id", "read",
            "isolation.level", "read_committed",
            "auto.offset.reset", "earliest");
    List<String> values = new ArrayList<>();
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
      consumer.subscribe(List.of(topic));
      long deadline = System.nanoTime() + Duration.ofSeconds(30).toNanos();
      while (values.size() < count && System.nanoTime() < deadline) {
        consumer.poll(Duration.ofMillis(100)).forEach(record -> values.add(record.value()));
      }
    }
    return values;
  }

  private static Map<String, Object> producerSettings(String transactionalId) {
    return Map.of(
        "bootstrap.servers",
        kafka.bootstrapServers(),
        "transactional.id",
        transactionalId,
        "max.block.ms",
        "3000",
        "key.serializer",
        StringSerializer.class,
        "value.serializer",
        StringSerializer.class);
  }

  private static Admin admin() {
    return Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
  }
}
