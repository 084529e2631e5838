package io.sluice.relay.fault;

import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.LogCapture;
import io.sluice.relay.Relay;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TopicReader;
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

/** A broker that has lost its state of open transactions and never ends them. */
@SandboxTest
class HangingTransactionIT {

  private static final String STATE = "__transaction_state-";

  @Test
  void aHangingTransactionOfTheGroupIsAbortedAndAForeignOneIsReported(
      Sandbox shared, @TempDir Path folder) throws Exception {
    Path data = folder.resolve("kafka");
    try (KafkaServer kafka =
        KafkaServer.start(new KafkaSettings(Map.of("log.dirs", data.toString())))) {
      Sandbox own = Sandbox.on(new SandboxServers(shared.mysql(), kafka), "hanging");
      RelayFixture fixture = new RelayFixture(own, "hanging", 1);
      fixture.provision();
      NumberedEvents events = new NumberedEvents(fixture, 0, "hanging", new Committed());
      String ownId = fixture.config().identity().topics().provisioningTransactionalId();
      String blocked = fixture.eventTopics() + EventDomain.PORTFOLIO.lowerCaseName();

      try (KafkaProducer<byte[], byte[]> ours = producer(kafka, ownId);
          KafkaProducer<byte[], byte[]> stranger = producer(kafka, "stranger")) {
        Path backup = copy(data, folder.resolve("backup"));
        leaveOpen(ours, fixture.eventTopics() + EventDomain.CHAT.lowerCaseName());
        leaveOpen(stranger, blocked);
        kafka.kill();
        ours.close(Duration.ZERO);
        stranger.close(Duration.ZERO);
        restore(backup, data);
      }
      kafka.restart();
      try (LogCapture log = new LogCapture();
          TopicReader topic = fixture.reader(EventDomain.CHAT);
          Relay relay = RelayFixture.relay(fixture.config())) {
        relay.start();
        events.commit(10);
        topic.await(10);
        log.await(blocked + "-0 from offset 0 on has been open for more than 3 s");
        log.await("kafka-transactions.sh abort --topic %s --partition 0".formatted(blocked));
        assertFalse(log.all().matches("(?s).*aborted the transaction [^\n]*" + blocked + ".*"));
      }
    }
  }

  /** Creates a producer whose transactional id is known to its coordinator. */
  private static KafkaProducer<byte[], byte[]> producer(KafkaServer kafka, String id) {
    KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            Map.of("bootstrap.servers", kafka.bootstrapServers(), "transactional.id", id),
            new ByteArraySerializer(),
            new ByteArraySerializer());
    producer.initTransactions();
    return producer;
  }

  /** Leaves a transaction open in every partition. */
  @SuppressWarnings("FutureReturnValueIgnored") // flush() waits for all
  private static void leaveOpen(KafkaProducer<byte[], byte[]> producer, String topic) {
    producer.beginTransaction();
    for (int partition = 0; partition < producer.partitionsFor(topic).size(); partition++) {
      producer.send(new ProducerRecord<>(topic, partition, null, new byte[1]));
    }
    producer.flush();
  }

  /** Copies the logs of the transaction topic. The broker rebuilds all other files from them. */
  private static Path copy(Path data, Path backup) throws IOException {
    for (Path folder : transactionLogs(data)) {
      Path target = Files.createDirectories(backup.resolve(folder.getFileName()));
      for (Path file : list(folder)) {
        if (!file.toString().matches(".*(index|snapshot)")) {
          Files.copy(file, target.resolve(file.getFileName()));
        }
      }
    }
    return backup;
  }

  /** Restores a state in which the broker knows both transactional ids, but no transaction. */
  private static void restore(Path backup, Path data) throws IOException {
    for (Path folder : transactionLogs(data)) {
      for (Path file : list(folder)) {
        Files.delete(file);
      }
      for (Path file : list(backup.resolve(folder.getFileName()))) {
        Files.copy(file, folder.resolve(file.getFileName()));
      }
    }
  }

  private static List<Path> transactionLogs(Path data) throws IOException {
    List<Path> logs =
        list(data).stream()
            .filter(folder -> folder.getFileName().toString().startsWith(STATE))
            .sorted(Comparator.naturalOrder())
            .toList();
    assertFalse(logs.isEmpty());
    return logs;
  }

  private static List<Path> list(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.toList();
    }
  }
}
