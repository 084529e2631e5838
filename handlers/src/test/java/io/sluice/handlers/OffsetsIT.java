package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Events are neither lost nor handled again after they are finished, whatever happens to a worker.
 */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class OffsetsIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";
  private static final Duration HOUR = Duration.ofHours(1);

  private final Stage stage;

  OffsetsIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 2);
  }

  private HandlerRuntime started(Calls calls) {
    return start(stage.runtime().handler(CHAT, SENT, calls));
  }

  private static HandlerRuntime start(HandlerRuntimeBuilder builder) {
    HandlerRuntime runtime = builder.build();
    runtime.start();
    return runtime;
  }

  @Test
  void theOffsetFollowsTheWriteToTheRow() throws Exception {
    Calls calls = Calls.gated();
    try (HandlerRuntime runtime = started(calls);
        Connection business = stage.rows().connect(Stage.ONE)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      until("handled", () -> calls.count() == 1);
      Locks.lock(business, event);
      calls.open();
      until("the write waits for the row", () -> Locks.isWaitedFor(stage));

      // A commit for another partition shows that the consumer still commits.
      stage.emit(CHAT, SENT, 1);
      stage.topics().awaitCommitted(CHAT, 1, 1);
      assertEquals(0, stage.topics().committed(CHAT, 0));

      business.rollback();
      stage.topics().awaitCommitted(CHAT, 0, 1);
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
      assertEquals(2, calls.count());
    }
  }

  @Test
  void recordsThatTheBrokersDeletedUnhandledAreLogged() throws Exception {
    try (HandlerRuntime runtime = started(Calls.succeeding())) {
      stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);
    }
    for (int i = 0; i < 3; i++) {
      stage.emit(CHAT, SENT, 0);
    }
    stage.topics().deleteRecords(CHAT, 0, 3);
    try (Logged logged = Logged.by("io.sluice.handlers.internal.consume.TopicCheck");
        HandlerRuntime runtime = started(Calls.succeeding())) {
      stage.topics().awaitCommitted(CHAT, 0, 4);
      assertEquals(1, logged.events().size(), logged.events().toString());
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("from offset 1 to 2"), message);
    }
  }

  @Test
  void anEventDeliveredAgainAfterItWasPublishedChangesNothing() throws Exception {
    Calls calls = Calls.succeeding();
    try (HandlerRuntime runtime = started(calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);
      Row row = stage.rows().row(event);

      stage.relay().relay(Stage.ONE, event, 0);
      stage.topics().awaitCommitted(CHAT, 0, 2);

      assertEquals(row, stage.rows().row(event));
      assertEquals(1, calls.count());
      assertEquals(new HandlerStatistics(1, 1, 0, 0, 0, 1, 0, 0), runtime.statistics());
    }
  }

  @Test
  void anEventDeliveredTwiceAtTheSameTimeIsHandledOnce() throws Exception {
    Calls calls = Calls.gated();
    try (HandlerRuntime runtime = started(calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.relay().relay(Stage.ONE, event, 0);
      stage.relay().relay(Stage.ONE, event, 0);
      until("all are taken on", () -> runtime.snapshot(CHAT).events() == 3);
      until("handled", () -> calls.count() == 1);
      calls.open();
      stage.topics().awaitCommitted(CHAT, 0, 3);

      assertEquals(1, calls.count());
      assertEquals(2, runtime.statistics().skipped());
    }
  }

  @Test
  void anEventDeliveredAgainAfterItFailedChangesNothing() throws Exception {
    Calls calls = Calls.failing(3);
    try (HandlerRuntime runtime = started(calls)) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      stage.topics().awaitCommitted(CHAT, 0, 1);
      Row row = stage.rows().row(event);
      assertEquals(OutboxStatus.FAILED, row.status());

      stage.relay().relay(Stage.ONE, event, 0);
      stage.topics().awaitCommitted(CHAT, 0, 2);

      assertEquals(row, stage.rows().row(event));
      assertEquals(3, calls.count());
    }
  }

  @Test
  void theNextWorkerGoesOnCounting() throws Exception {
    OutboxEvent event;
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .retry(RetryPolicy.exponential(HOUR, HOUR))
                .handler(CHAT, SENT, Calls.failing(1)))) {
      event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);
    }
    assertEquals(0, stage.topics().committed(CHAT, 0));

    Calls calls = Calls.failing(100);
    try (HandlerRuntime runtime = started(calls)) {
      stage.topics().awaitCommitted(CHAT, 0, 1);
    }
    assertEquals(List.of(2, 3), calls.attempts());
    assertEquals(3, stage.rows().row(event).retryCount());
    assertEquals(OutboxStatus.FAILED, stage.rows().row(event).status());
  }

  @Test
  void aWorkerKilledBetweenTwoAttemptsLosesNeitherEventNorCount() throws Exception {
    OutboxEvent event;
    try (WorkerProcess worker = WorkerProcess.failing(stage, CHAT, SENT)) {
      event = stage.emit(CHAT, SENT, 0);
      stage.rows().awaitStatus(event, OutboxStatus.RETRY);
      worker.kill();
      stage.topics().expireMembersOf(CHAT);
    }
    assertEquals(1, stage.rows().row(event).retryCount());

    Calls calls = Calls.succeeding();
    try (HandlerRuntime runtime = started(calls)) {
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
    assertEquals(List.of(2), calls.attempts());
    assertEquals(1, stage.rows().row(event).retryCount());
  }

  @Test
  void partitionsMoveToASecondWorkerWithoutLossOrRepetition() throws Exception {
    Calls first = Calls.succeeding();
    Calls second = Calls.succeeding();
    Set<String> emitted = new HashSet<>();
    try (HandlerRuntime one = started(first)) {
      emitBoth(emitted);
      until("one has both", () -> first.count() == 2);
      try (HandlerRuntime two = started(second)) {
        until("both have one", () -> emitBoth(emitted) && second.count() > 0);
        until("all handled", () -> handled(first, second).size() == emitted.size());
      }
      emitBoth(emitted);
      until("one has both again", () -> handled(first, second).size() == emitted.size());
    }

    assertEquals(emitted, handled(first, second));
    assertEquals(emitted.size(), first.count() + second.count());
    assertEquals(emitted.size() / 2, stage.topics().committed(CHAT, 0));
    assertEquals(emitted.size() / 2, stage.topics().committed(CHAT, 1));
  }

  private boolean emitBoth(Set<String> emitted) throws Exception {
    emitted.add(stage.emit(CHAT, SENT, 0).id().toString());
    emitted.add(stage.emit(CHAT, SENT, 1).id().toString());
    return true;
  }

  private static Set<String> handled(Calls... calls) {
    Set<String> ids = new HashSet<>();
    Stream.of(calls).flatMap(all -> all.events().stream()).map(HandledEvent::id).forEach(ids::add);
    return ids;
  }
}
