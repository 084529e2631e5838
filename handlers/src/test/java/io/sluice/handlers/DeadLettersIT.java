package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;

/** The dead letters of events that failed for good. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class DeadLettersIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;

  DeadLettersIT(Stage stage) throws Exception {
    this.stage = stage;
  }

  private HandlerRuntime started(Calls calls) {
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, calls).build();
    runtime.start();
    return runtime;
  }

  private static String text(ConsumerRecord<byte[], byte[]> letter, String header) {
    return new String(letter.headers().lastHeader(header).value(), UTF_8);
  }

  @Test
  void aLetterTellsTheEventAndItsFailure() throws Exception {
    stage.topics().create(CHAT, 1);
    OutboxEvent event =
        OutboxEvent.builder(CHAT, SENT)
            .aggregate("room", "7")
            .json("{\"text\":\"🙂\"}")
            .header("traceparent", "00-1-2-01")
            .build();
    try (HandlerRuntime runtime = started(Calls.failing(100))) {
      stage.emit(Stage.ONE, Stage.event(CHAT, SENT, "7"), 0);
      stage.emit(Stage.ONE, event, 0);
      stage.topics().awaitCommitted(CHAT, 0, 2);
    }

    // Events of one aggregate are handled in order.
    ConsumerRecord<byte[], byte[]> letter = stage.topics().deadLetters(CHAT, 2).get(1);
    assertEquals("7", new String(letter.key(), UTF_8));
    assertEquals("{\"text\":\"🙂\"}", new String(letter.value(), UTF_8));
    assertArrayEquals(
        ByteBuffer.allocate(8).putLong(event.createdAt().toEpochMilli()).array(),
        letter.headers().lastHeader("kafka_dlt-original-timestamp").value());
    assertTrue(letter.timestamp() > event.createdAt().toEpochMilli(), "its time is the present");
    assertEquals(event.id().toString(), text(letter, "id"));
    assertEquals("00-1-2-01", text(letter, "traceparent"));
    assertEquals("3", text(letter, "outbox-attempts"));
    assertEquals("java.lang.IllegalStateException: attempt 3 fails", text(letter, "outbox-error"));
    assertEquals("java.lang.IllegalStateException", text(letter, "kafka_dlt-exception-fqcn"));
    assertEquals(
        "java.lang.IllegalStateException: attempt 3 fails",
        text(letter, "kafka_dlt-exception-message"));
    assertEquals(stage.topics().topic(CHAT), text(letter, "kafka_dlt-original-topic"));
    assertEquals(
        stage.topics().groupPrefix() + "chat", text(letter, "kafka_dlt-original-consumer-group"));
    assertEquals("CreateTime", text(letter, "kafka_dlt-original-timestamp-type"));
    assertArrayEquals(
        ByteBuffer.allocate(4).putInt(0).array(),
        letter.headers().lastHeader("kafka_dlt-original-partition").value());
    assertArrayEquals(
        ByteBuffer.allocate(8).putLong(1).array(),
        letter.headers().lastHeader("kafka_dlt-original-offset").value());
  }

  @Test
  void noRowIsFailedWithoutALetter() throws Exception {
    stage.topics().createWithoutDeadLetters(CHAT);
    Calls calls = Calls.failing(100);
    try (HandlerRuntime runtime = started(calls);
        Logged logged = Logged.by("io.sluice.handlers.internal.process.EventProcessor")) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      OutboxEvent other = stage.emit(Stage.ONE, Stage.event(CHAT, SENT, "other"), 0);
      until(
          "topic and row are logged",
          () ->
              logged.events().stream()
                  .map(ILoggingEvent::getFormattedMessage)
                  .filter(line -> line.contains("to topic " + stage.topics().topic(CHAT) + ".dlq:"))
                  .anyMatch(
                      line ->
                          Stream.of(event, other)
                              .anyMatch(each -> line.contains(each.id().toString()))));
      assertEquals(OutboxStatus.RETRY, stage.rows().row(event).status());
      assertEquals(OutboxStatus.RETRY, stage.rows().row(other).status());

      stage.topics().createDeadLetters(CHAT);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);
      stage.rows().awaitStatus(other, OutboxStatus.FAILED);
      assertEquals(6, calls.count(), "no attempt more than allowed");
      assertEquals(2, stage.topics().deadLetters(CHAT, 2).size());
    }
  }

  @Test
  void aPayloadThatTheTopicDoesNotTakeIsTooMuchButNotTheLetter() throws Exception {
    stage.topics().createWithoutDeadLetters(CHAT);
    stage.topics().createDeadLetters(CHAT, 10_000);
    OutboxEvent event =
        OutboxEvent.builder(CHAT, SENT)
            .aggregate("room", "7")
            .json("\"" + "x".repeat(20_000) + "\"")
            .build();
    HandlerRuntime runtime =
        stage
            .runtime()
            .handler(
                CHAT,
                SENT,
                Calls.failing(100),
                RetryPolicy.exponential(Duration.ofMillis(10), Duration.ofMillis(10)))
            .build();
    runtime.start();
    try (runtime) {
      stage.emit(Stage.ONE, event, 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);
    }

    ConsumerRecord<byte[], byte[]> letter = stage.topics().deadLetters(CHAT, 1).get(0);
    assertNull(letter.value());
    assertEquals(event.id().toString(), text(letter, "id"));
    assertEquals(64, text(letter, "outbox-payload-sha256").length());
  }
}
