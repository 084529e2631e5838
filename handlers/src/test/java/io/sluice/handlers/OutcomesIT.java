package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.spi.ILoggingEvent;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.RecordHeaders;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

/** The outcomes of events and the resulting rows. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class OutcomesIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;

  OutcomesIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private HandlerRuntime started(Calls calls) {
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, calls).build();
    runtime.start();
    return runtime;
  }

  @Test
  void publishesWhatWasHandled() throws Exception {
    Calls calls = Calls.succeeding();
    LocalDateTime before = LocalDateTime.now(ZoneOffset.UTC).minusSeconds(1);
    try (HandlerRuntime runtime = started(calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);

      Row row = stage.rows().row(event);
      assertEquals(OutboxStatus.PUBLISHED, row.status());
      assertEquals(0, row.retryCount());
      assertNull(row.lastError());
      assertNotNull(row.publishedAt());
      assertEquals(row.updatedAt(), row.publishedAt());
      assertTrue(row.publishedAt().isAfter(before), row::toString);
      assertTrue(row.publishedAt().isBefore(LocalDateTime.now(ZoneOffset.UTC).plusSeconds(1)));
      assertEquals(1, calls.count());
      assertEquals(new HandlerStatistics(1, 1, 0, 0, 0, 0, 0, 0), runtime.statistics());
      SimpleMeterRegistry registry = new SimpleMeterRegistry();
      new HandlerMeters(runtime).bindTo(registry);
      assertEquals(
          1,
          registry
              .get("sluice.handlers.events")
              .tag("outcome", "published")
              .functionCounter()
              .count());
    }
  }

  @Test
  void givesTheHandlerAllOfTheEvent() throws Exception {
    Calls calls = Calls.succeeding();
    String payload = " {\"b\":100.00, \"a\":\"🙂\"}\n";
    OutboxEvent event =
        OutboxEvent.builder(CHAT, SENT)
            .aggregate("room", "zimmer-ü")
            .json(payload)
            .header("traceparent", "00-1-2-01")
            .maxRetries(7)
            .build();
    try (HandlerRuntime runtime = started(calls)) {
      stage.emit(Stage.TWO, event, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);
    }

    HandledEvent handled = calls.events().get(0);
    assertEquals(event.id().toString(), handled.id());
    assertEquals(Stage.TWO, handled.shard());
    assertEquals(CHAT, handled.domain());
    assertEquals(SENT, handled.eventType());
    assertEquals("room", handled.aggregateType());
    assertEquals("zimmer-ü", handled.aggregateId());
    assertArrayEquals(payload.getBytes(UTF_8), handled.payloadBytes());
    assertEquals(payload, handled.payload());
    assertEquals(Map.of("traceparent", "00-1-2-01"), handled.headers().values());
    assertEquals(event.createdAt().truncatedTo(ChronoUnit.MILLIS), handled.createdAt());
    assertEquals(1, handled.attempt());
    assertEquals(7, handled.maxRetries());
    assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(Stage.TWO, event).status());
  }

  @Test
  void retriesUntilItSucceedsAndKeepsTheLastError() throws Exception {
    Calls calls = Calls.failing(2);
    try (HandlerRuntime runtime = started(calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      Row row = stage.rows().row(event);
      assertEquals(2, row.retryCount());
      assertEquals("java.lang.IllegalStateException: attempt 2 fails", row.lastError());
      assertEquals(List.of(1, 2, 3), calls.attempts());
      until("counted", () -> runtime.statistics().published() == 1);
      assertEquals(new HandlerStatistics(3, 1, 0, 2, 0, 0, 0, 0), runtime.statistics());
    }
  }

  @Test
  void isInRetryBetweenTwoAttempts() throws Exception {
    HandlerRuntime runtime =
        stage
            .runtime()
            .retry(RetryPolicy.exponential(Duration.ofHours(1), Duration.ofHours(1)))
            .handler(CHAT, SENT, Calls.failing(1))
            .build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);

      Row row = stage.rows().row(event);
      assertEquals(1, row.retryCount());
      assertNull(row.publishedAt());
      assertEquals(0, stage.topics().committed(CHAT, 0));
    }
  }

  @Test
  void failsForGoodAfterAsManyFailuresAsAllowed() throws Exception {
    Calls calls = Calls.failing(100);
    try (Logged logged = Logged.by(EventProcessor.class);
        HandlerRuntime runtime = started(calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);

      Row row = stage.rows().row(event);
      assertEquals(OutboxStatus.FAILED, row.status());
      assertEquals(3, row.retryCount());
      assertEquals(row.maxRetries(), row.retryCount());
      assertEquals("java.lang.IllegalStateException: attempt 3 fails", row.lastError());
      assertNull(row.publishedAt());
      assertEquals(3, calls.count());
      assertEquals(new HandlerStatistics(3, 0, 1, 2, 0, 0, 0, 0), runtime.statistics());
      assertEquals(
          List.of(
              "WARN failed, 1 of 3 time(s), and is tried again",
              "WARN failed, 2 of 3 time(s), and is tried again",
              "ERROR FAILED for good after 3 failure(s), of which its row allows 3"),
          logged.events().stream().map(line -> summary(line, event)).toList());
    }
  }

  /** The level and the beginning of a log line about this event. */
  private static String summary(ILoggingEvent line, OutboxEvent event) {
    String about = "event %s (%s of CHAT, shard 'shard-1') ".formatted(event.id(), SENT);
    String message = line.getFormattedMessage();
    assertTrue(message.startsWith(about), message);
    String rest = message.substring(about.length());
    return line.getLevel() + " " + rest.substring(0, rest.indexOf(':'));
  }

  @Test
  void goesByTheLimitOnTheRow() throws Exception {
    Calls calls = Calls.failing(100);
    OutboxEvent event = Stage.event(CHAT, SENT);
    stage.rows().write(Stage.ONE, event);
    stage
        .rows()
        .execute(
            Stage.ONE,
            "UPDATE outbox_events SET max_retries = 1 WHERE id = ?",
            event.id().toString());
    try (HandlerRuntime runtime = started(calls)) {
      stage.relay().relay(Stage.ONE, event, 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);
    }
    assertEquals(1, calls.count());
    assertEquals(1, calls.events().get(0).maxRetries());
    assertEquals(1, stage.rows().row(event).retryCount());
  }

  @Test
  void countsErrorsLikeExceptionsAndStoresWhatFits() throws Exception {
    String message = "🙂".repeat(2000);
    HandlerRuntime runtime =
        stage
            .runtime()
            .handler(
                CHAT,
                SENT,
                event -> {
                  throw new AssertionError(message);
                })
            .build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);

      String error = stage.rows().row(event).lastError();
      assertNotNull(error);
      assertEquals(1000, error.codePointCount(0, error.length()));
      assertTrue(error.startsWith("java.lang.AssertionError: 🙂"));
      assertTrue(error.endsWith("🙂"));
    }
  }

  @Test
  void countsAnExceptionWhoseMessageThrows() throws Exception {
    HandlerRuntime runtime =
        stage
            .runtime()
            .handler(
                CHAT,
                SENT,
                event -> {
                  throw new UnspeakableException();
                })
            .build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);

      Row row = stage.rows().row(event);
      assertEquals(OutboxStatus.FAILED, row.status());
      assertEquals(3, row.retryCount());
    }
  }

  private static final class UnspeakableException extends Exception {
    private static final long serialVersionUID = 1;

    @Override
    public String getMessage() {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void doesNotBlameTheEventForAMachineOutOfMemory() throws Exception {
    Calls calls = Calls.succeeding();
    HandlerRuntime runtime =
        stage
            .runtime()
            .handler(
                CHAT,
                SENT,
                event -> {
                  calls.handle(event);
                  if (calls.count() == 1) {
                    throw new OutOfMemoryError("as if");
                  }
                })
            .build();
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);

      assertEquals(0, stage.rows().row(event).retryCount());
      assertEquals(List.of(1, 1), calls.attempts());
    }
  }

  @Test
  void failsAtOnceWhereNoHandlerIs() throws Exception {
    Calls calls = Calls.succeeding();
    try (HandlerRuntime runtime = started(calls)) {
      OutboxEvent unknown = stage.emit(CHAT, "message_deleted", 0);
      OutboxEvent known = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(known, OutboxStatus.PUBLISHED);

      Row row = stage.rows().row(unknown);
      assertEquals(OutboxStatus.FAILED, row.status());
      assertEquals(1, row.retryCount());
      Headers letter = stage.topics().deadLetters(CHAT, 1).get(0).headers();
      assertEquals(
          unknown.id().toString(), new String(letter.lastHeader(RecordHeaders.ID).value(), UTF_8));
      assertEquals(
          "io.sluice.handlers.api.UnhandledEventException: no handler is registered for"
              + " 'message_deleted' of domain CHAT: register one in every worker of the domain",
          row.lastError());
      assertEquals(1, calls.count());
    }
  }

  @Test
  void keepsTheOrderOfAPartitionThroughRetries() throws Exception {
    Calls calls = Calls.failing(2);
    try (HandlerRuntime runtime = started(calls)) {
      List<OutboxEvent> events =
          List.of(stage.emit(CHAT, SENT, 0), stage.emit(CHAT, SENT, 0), stage.emit(CHAT, SENT, 0));
      stage.topics().awaitCommitted(CHAT, 0, 3);

      assertEquals(
          List.of(0, 0, 0, 1, 2),
          calls.events().stream().map(HandledEvent::id).map(id -> indexOf(events, id)).toList());
      assertFalse(calls.events().isEmpty());
    }
  }

  private static int indexOf(List<OutboxEvent> events, String id) {
    return events.stream().map(event -> event.id().toString()).toList().indexOf(id);
  }

  @Test
  void aHandlerThatStopsItsOwnRuntimeFails() throws Exception {
    List<HandlerRuntime> self = new CopyOnWriteArrayList<>();
    HandlerRuntime runtime =
        stage.runtime().handler(CHAT, SENT, event -> self.get(0).close()).build();
    self.add(runtime);
    runtime.start();
    try (runtime) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);

      String error = String.valueOf(stage.rows().row(event).lastError());
      assertTrue(error.contains("a handler of domain CHAT stops its own runtime"), error);
    }
  }
}
