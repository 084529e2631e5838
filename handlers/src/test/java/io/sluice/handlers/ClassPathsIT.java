package io.sluice.handlers;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** Workers with the versions of libraries that builds with Spring Boot bring. */
@WithStage
@SuppressWarnings("try") // workers are not referenced
class ClassPathsIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;

  ClassPathsIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  @Test
  void aWorkerHandlesEventsWithTheVersionsOfSpringBoot35() throws Exception {
    check("boot-3.5", "kafka-clients-3.9.1.jar");
  }

  @Test
  void aWorkerHandlesEventsWithTheVersionsOfSpringBoot4() throws Exception {
    check("boot-4.0", "kafka-clients-4.1.2.jar");
  }

  private void check(String libraries, String kafka) throws Exception {
    Path folder = Path.of("target", "class-paths", libraries);
    assertTrue(Files.exists(folder.resolve(kafka)), "Maven copies it before the tests");
    OutboxEvent aborted = Stage.event(CHAT, SENT);
    OutboxEvent sound = Stage.event(CHAT, SENT);
    OutboxEvent broken = OutboxEvent.builder(CHAT, SENT).aggregate("room", "8").json("[]").build();
    stage.rows().write(Stage.ONE, sound);
    stage.relay().relayInTransactions(aborted, sound, 0);
    stage.emit(Stage.ONE, broken, 0);
    try (WorkerProcess worker = WorkerProcess.readingJson(stage, CHAT, SENT, folder)) {
      stage.rows().awaitStatus(sound, OutboxStatus.PUBLISHED);
      stage.rows().awaitStatus(broken, OutboxStatus.FAILED);
      // Two events, an aborted one, and the markers of two transactions.
      stage.topics().awaitCommitted(CHAT, 0, 5);
      ConsumerRecord<byte[], byte[]> letter = stage.topics().deadLetters(CHAT, 1).get(0);
      assertEquals("[]", new String(letter.value(), UTF_8));
    }
  }
}
