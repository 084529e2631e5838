package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.Unhandled;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** When events are tried again, and when they are not. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class RetriesIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private static final Duration HOUR = Duration.ofHours(1);

  private final Stage stage;

  RetriesIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private static HandlerRuntime start(HandlerRuntimeBuilder builder) {
    HandlerRuntime runtime = builder.build();
    runtime.start();
    return runtime;
  }

  private static RetryPolicy after(Duration wait) {
    return RetryPolicy.exponential(wait, wait).withJitter(0);
  }

  @Test
  void theWaitGoesOnWhereItWasAfterARestart() throws Exception {
    Duration left = Duration.ofSeconds(2);
    OutboxEvent event;
    try (HandlerRuntime runtime =
        start(stage.runtime().retry(after(HOUR)).handler(CHAT, SENT, Calls.failing(1)))) {
      event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);
    }
    // As if no worker had run for most of the hour. A worker that waited the whole hour again would
    // make the test time out.
    stage
        .rows()
        .execute(
            Stage.ONE,
            "UPDATE outbox_events SET updated_at = updated_at - INTERVAL ? SECOND WHERE id = ?",
            HOUR.minus(left).toSeconds(),
            event.id().toString());
    Instant failed = stage.rows().row(event).updatedAt().toInstant(ZoneOffset.UTC);
    List<Instant> called = new CopyOnWriteArrayList<>();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .retry(after(HOUR))
                .handler(CHAT, SENT, again -> called.add(Instant.now())))) {
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
    Duration waited = Duration.between(failed, called.get(0));
    assertTrue(waited.compareTo(HOUR) >= 0, () -> "not before its time: " + waited);
    assertEquals(1, called.size());
  }

  @Test
  void someExceptionsAreFinalAtOnce() throws Exception {
    RetryPolicy policy = RetryPolicy.DEFAULT.withFinal(IllegalStateException.class);
    Calls calls = Calls.failing(100);
    try (HandlerRuntime runtime = start(stage.runtime().handler(CHAT, SENT, calls, policy))) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.FAILED);

      assertEquals(1, calls.count());
      assertEquals(1, stage.rows().row(event).retryCount());
    }
  }

  @Test
  void eachTypeHasItsOwnPolicy() throws Exception {
    Calls patient = Calls.failing(100);
    Calls quick = Calls.failing(100);
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(CHAT, "patient", patient, after(Duration.ofHours(1)))
                .handler(CHAT, "quick", quick, after(Duration.ofMillis(20))))) {
      OutboxEvent waiting = stage.emit(Stage.ONE, Stage.event(CHAT, "patient", "a"), 0);
      OutboxEvent failing = stage.emit(Stage.ONE, Stage.event(CHAT, "quick", "b"), 0);
      stage.rows().awaitStatus(failing, OutboxStatus.FAILED);
      stage.rows().awaitStatus(waiting, OutboxStatus.RETRY);

      assertEquals(1, patient.count());
      assertEquals(3, quick.count());
    }
  }

  @Test
  void aHandlerThatTakesTooLongIsInterruptedAndItsFailureCounted() throws Exception {
    Calls stuck = Calls.gated();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(
                    CHAT,
                    SENT,
                    stuck,
                    after(Duration.ofHours(1)).withTimeout(Duration.ofMillis(300))))) {
      Instant before = Instant.now();
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);

      assertEquals(
          "io.sluice.handlers.api.HandlerTimeoutException: the handler did not end within 0.3 s:"
              + " find out what it waited for, or give it more time by its retry policy",
          stage.rows().row(event).lastError());
      HandledEvent given = stuck.events().get(0);
      assertFalse(given.deadline().isBefore(before.plusMillis(300)));
      assertTrue(given.deadline().isBefore(Instant.now().plusMillis(300)));
    }
  }

  @Test
  void theUnhandledCanBeTriedAgainByAWorkerThatKnowsThem() throws Exception {
    OutboxEvent event = Stage.event(CHAT, "new_type");
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .unhandled(Unhandled.FAIL)
                .retry(after(Duration.ofHours(1)))
                .handler(CHAT, SENT, Calls.succeeding()))) {
      stage.emit(Stage.ONE, event, 0);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);
    }
    Calls calls = Calls.succeeding();
    try (HandlerRuntime runtime = start(stage.runtime().handler(CHAT, "new_type", calls))) {
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
    assertEquals(List.of(2), calls.attempts());
  }

  @Test
  void theUnhandledCanBePassedOver() throws Exception {
    try (HandlerRuntime runtime =
        start(stage.runtime().unhandled(Unhandled.SKIP).handler(CHAT, SENT, Calls.succeeding()))) {
      OutboxEvent event = stage.emit(CHAT, "of_no_interest", 0);
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(0, stage.rows().row(event).retryCount());
    }
  }

  @Test
  void theFallbackTakesWhatNoOtherHandlerDoes() throws Exception {
    Calls rest = Calls.succeeding();
    Calls rooms = Calls.succeeding();
    HandlerRuntimeBuilder builder =
        HandlerRuntime.builder()
            .kafka(stage.kafka())
            .shards(stage.rows().workerSources())
            .topics(stage.topics().template())
            .groupPrefix(stage.topics().groupPrefix())
            .fallback(rest)
            .handler(CHAT, "room_*", rooms);
    try (HandlerRuntime runtime = start(builder)) {
      stage.emit(CHAT, "room_opened", 0);
      stage.emit(CHAT, "message_sent", 0);
      stage.topics().awaitCommitted(CHAT, 0, 2);
    }
    assertEquals("room_opened", rooms.events().get(0).eventType());
    assertEquals("message_sent", rest.events().get(0).eventType());
    until("each one", () -> rooms.count() == 1 && rest.count() == 1);
  }
}
