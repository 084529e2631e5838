package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.sandbox.server.KafkaServer;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.KafkaSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A broker that has forgotten a transaction: nobody but the relay will end it. */
@SandboxTest
class HangingTransactionIT {

  private static final Duration BOUND = Duration.ofMinutes(3);

  @Test
  void aTransactionThatItsCoordinatorForgotIsEnded(Sandbox shared, @TempDir Path folder)
      throws Exception {
    Path data = folder.resolve("kafka");
    try (KafkaServer kafka =
        KafkaServer.start(
            new KafkaSettings(
                Map.of("log.dirs", data.toString(), "transaction.max.timeout.ms", "20000")))) {
      Sandbox own = Sandbox.on(new SandboxServers(shared.mysql(), kafka), "hanging");
      RelayFixture fixture = new RelayFixture(own, "hanging", 1);
      fixture.provision();
      Committed committed = new Committed();
      NumberedEvents events = new NumberedEvents(fixture, 0, "hanging", committed);

      leaveOpenAndKill(kafka, fixture.eventTopics() + EventDomain.CHAT.lowerCaseName());
      forgetTransactions(data);
      kafka.restart();
      try (TopicAudit audit = TopicAudit.open(fixture);
          Relay relay = Relay.of(fixture.config())) {
        relay.start();
        events.commit(10);
        audit.await(committed, BOUND);
        audit.assertHolds(committed);
      }
    }
  }

  /** In every partition; the broker is killed before the transaction can be ended. */
  @SuppressWarnings("FutureReturnValueIgnored") // flush() waits for all
  private static void leaveOpenAndKill(KafkaServer kafka, String topic) {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of(
                "bootstrap.servers",
                kafka.bootstrapServers(),
                "transactional.id",
                "forgotten",
                "transaction.timeout.ms",
                10_000),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.initTransactions();
      producer.beginTransaction();
      for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
        producer.send(new ProducerRecord<>(topic, partition, null, new byte[1]));
      }
      producer.flush();
      kafka.kill();
      producer.close(Duration.ZERO);
    }
  }

  private static void forgetTransactions(Path data) throws IOException {
    List<Path> all;
    try (Stream<Path> folders = Files.list(data)) {
      all =
          folders
              .filter(folder -> folder.getFileName().toString().startsWith("__transaction_state-"))
              .flatMap(HangingTransactionIT::tree)
              .sorted(Comparator.reverseOrder())
              .toList();
    }
    assertFalse(all.isEmpty());
    for (Path file : all) {
      Files.delete(file);
    }
  }

  private static Stream<Path> tree(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.toList().stream();
    } catch (IOException e) {
      throw new IllegalStateException("cannot list " + folder, e);
    }
  }
}
