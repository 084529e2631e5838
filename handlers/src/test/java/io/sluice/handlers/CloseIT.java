package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.consume.ConsumerLoop;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** How handlers and the report are affected when a runtime stops. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class CloseIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final EventDomain MARKET = EventDomain.MARKET;
  private static final String SENT = "message_sent";

  /** The time that a stop may take after its timeout. */
  private static final Duration REST = Duration.ofSeconds(4);

  private final Stage stage;

  CloseIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private HandlerRuntime started(EventHandler handler) {
    return start(stage.runtime().handler(CHAT, SENT, handler));
  }

  private static HandlerRuntime start(HandlerRuntimeBuilder builder) {
    HandlerRuntime runtime = builder.build();
    runtime.start();
    return runtime;
  }

  private static List<String> abandoned(StopReport report) {
    return report.abandoned().stream().map(HandledEvent::id).toList();
  }

  private static Duration since(long nanoTime) {
    return Duration.ofNanos(System.nanoTime() - nanoTime);
  }

  private static void assertNotLongerThan(Duration longest, Duration actual) {
    assertTrue(actual.compareTo(longest) <= 0, () -> actual + " is longer than " + longest);
  }

  @Test
  void aHandlerThatNeedsHalfOfTheTimeIsLetFinish() throws Exception {
    Duration timeout = Duration.ofSeconds(4);
    Calls calls = Calls.gated();
    HandlerRuntime runtime = started(calls);
    OutboxEvent event = stage.emit(CHAT, SENT, 0);
    until("handled", () -> calls.count() == 1);

    CompletableFuture<Void> opening =
        CompletableFuture.runAsync(
            calls::open,
            CompletableFuture.delayedExecutor(timeout.toMillis() / 2, TimeUnit.MILLISECONDS));
    StopReport report = runtime.stop(timeout);

    assertTrue(opening.isDone(), "the end has waited for the handler");
    assertTrue(report.isClean(), report::toString);
    assertEquals(0, calls.interrupted());
    assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
    assertEquals(1, stage.topics().committed(CHAT, 0));
  }

  @Test
  void aHandlerThatHangsIsInterruptedWhenThreeQuartersAreOverAndReported() throws Exception {
    Duration timeout = Duration.ofSeconds(2);
    AtomicLong interruptedAt = new AtomicLong();
    AtomicInteger called = new AtomicInteger();
    HandlerRuntime runtime =
        started(
            event -> {
              called.incrementAndGet();
              try {
                new CountDownLatch(1).await();
              } catch (InterruptedException e) {
                interruptedAt.set(System.nanoTime());
                throw e;
              }
            });
    OutboxEvent event = stage.emit(CHAT, SENT, 0);
    until("called", () -> called.get() == 1);

    try (Logged logged = Logged.by(ConsumerLoop.class)) {
      long begun = System.nanoTime();
      StopReport report = runtime.stop(timeout);

      assertNotLongerThan(timeout.plus(REST), since(begun));
      Duration given = Duration.ofNanos(interruptedAt.get() - begun);
      // The threads round their waits down to milliseconds.
      assertNotLongerThan(given.plusMillis(5), timeout.multipliedBy(3).dividedBy(4));
      assertEquals(List.of(event.id().toString()), abandoned(report));
      assertEquals(Set.of(), report.unended());
      assertEquals(1, logged.events().size(), logged.events().toString());
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains(event.id().toString()), message);
    }
    assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status());
    assertEquals(0, stage.rows().row(event).retryCount(), "it is not a failure");
    assertEquals(0, stage.topics().committed(CHAT, 0));
    assertIsCalledAgain(event);
  }

  private void assertIsCalledAgain(OutboxEvent event) throws Exception {
    Calls next = Calls.succeeding();
    try (HandlerRuntime other = started(next)) {
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
    }
    assertEquals(List.of(1), next.attempts());
  }

  /** Ignores interrupts. */
  private static final class Stubborn implements EventHandler {

    private final AtomicInteger called = new AtomicInteger();
    private final AtomicInteger interrupted = new AtomicInteger();
    private final CountDownLatch gate = new CountDownLatch(1);
    private final CountDownLatch returned = new CountDownLatch(1);

    @Override
    public void handle(HandledEvent event) {
      called.incrementAndGet();
      boolean waits = true;
      while (waits) {
        try {
          gate.await();
          waits = false;
        } catch (InterruptedException e) {
          interrupted.incrementAndGet();
        }
      }
      returned.countDown();
    }
  }

  @Test
  void aHandlerThatIgnoresItsInterruptIsReportedAndNotWaitedFor() throws Exception {
    stage.topics().create(MARKET, 1);
    Duration timeout = Duration.ofSeconds(2);
    Stubborn stubborn = new Stubborn();
    HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(CHAT, SENT, Calls.succeeding())
                .handler(MARKET, "price_set", stubborn));
    OutboxEvent event = stage.emit(MARKET, "price_set", 0);
    OutboxEvent other = stage.emit(CHAT, SENT, 0);
    until("called", () -> stubborn.called.get() == 1);
    stage.rows().awaitStatus(other, OutboxStatus.PUBLISHED);

    try {
      long begun = System.nanoTime();
      StopReport report = runtime.stop(timeout);

      assertNotLongerThan(timeout.plus(REST), since(begun));
      assertEquals(1, stubborn.interrupted.get());
      assertEquals(List.of(event.id().toString()), abandoned(report));
      assertEquals(MARKET, report.abandoned().get(0).domain());
      assertEquals(Set.of(), report.unended(), "the domain's own thread has ended");
      assertEquals(1, stage.topics().committed(CHAT, 0));
    } finally {
      stubborn.gate.countDown();
    }
    assertTrue(stubborn.returned.await(1, TimeUnit.MINUTES));
    assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status(), "no worker writes it");
  }

  @Test
  void anOutcomeThatCannotBeWrittenIsReported() throws Exception {
    Calls calls = Calls.gated();
    HandlerRuntime runtime = started(calls);
    OutboxEvent event = stage.emit(CHAT, SENT, 0);
    until("called", () -> calls.count() == 1);

    try (Connection business = stage.rows().connect(Stage.ONE)) {
      Locks.lock(business, event);
      calls.open();
      until("the write waits for the row", () -> Locks.isWaitedFor(stage));
      StopReport report = runtime.stop(Duration.ofSeconds(2));

      assertEquals(List.of(event.id().toString()), abandoned(report));
      assertEquals(Set.of(), report.unended());
      business.rollback();
    }
    assertEquals(0, stage.topics().committed(CHAT, 0));
  }
}
