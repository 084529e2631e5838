package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Handlers that end later than their call. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
@Tag("virtual-threads")
class AsyncHandlersIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;
  private final Promises promises = new Promises();

  AsyncHandlersIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  /** Returns a future for each call, which the test completes. */
  private static final class Promises implements AsyncEventHandler {

    private final List<CompletableFuture<String>> made = new CopyOnWriteArrayList<>();
    private final List<Integer> attempts = new CopyOnWriteArrayList<>();
    private final Set<Thread> threads = ConcurrentHashMap.newKeySet();

    @Override
    public CompletionStage<?> handle(HandledEvent event) {
      attempts.add(event.attempt());
      threads.add(Thread.currentThread());
      CompletableFuture<String> promise = new CompletableFuture<>();
      made.add(promise);
      return promise;
    }

    void awaitCall(int number) throws Exception {
      until("call " + number, () -> made.size() == number);
    }

    CompletableFuture<String> promise(int number) {
      return made.get(number - 1);
    }
  }

  private HandlerRuntime started(RetryPolicy policy) {
    HandlerRuntime runtime =
        stage.runtime().concurrency(4).asyncHandler(CHAT, SENT, promises, policy).build();
    runtime.start();
    return runtime;
  }

  private static RetryPolicy quick() {
    return RetryPolicy.exponential(Duration.ofMillis(20), Duration.ofMillis(50));
  }

  @Test
  void anEventIsDoneWhenItsStageIs() throws Exception {
    try (HandlerRuntime runtime = started(quick())) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      OutboxEvent next = stage.emit(CHAT, SENT, 0);
      promises.awaitCall(1);
      OutboxEvent other = stage.emit(Stage.ONE, Stage.event(CHAT, SENT, "other"), 0);
      promises.awaitCall(2);
      promises.promise(2).complete("done");
      stage.rows().awaitStatus(other, OutboxStatus.PUBLISHED);
      assertEquals(OutboxStatus.PENDING, stage.rows().row(event).status());

      promises.promise(1).complete("done");
      promises.awaitCall(3);
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
      promises.promise(3).complete("done");
      stage.rows().awaitStatus(next, OutboxStatus.PUBLISHED);
      stage.topics().awaitCommitted(CHAT, 0, 3);
    }
  }

  @Test
  void aStageThatFailsIsAFailure() throws Exception {
    try (HandlerRuntime runtime = started(quick())) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      promises.awaitCall(1);
      promises.promise(1).completeExceptionally(new IllegalStateException("no answer"));
      promises.awaitCall(2);

      assertEquals(
          "java.lang.IllegalStateException: no answer", stage.rows().row(event).lastError());
      assertEquals(OutboxStatus.RETRY, stage.rows().row(event).status());
      promises.promise(2).complete("done");
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(List.of(1, 2), promises.attempts);
    }
  }

  @Test
  void aStageThatTakesTooLongIsCancelledAndCounts() throws Exception {
    try (HandlerRuntime runtime = started(quick().withTimeout(Duration.ofMillis(200)))) {
      OutboxEvent event = stage.emit(CHAT, SENT, 0);
      promises.awaitCall(2);

      assertTrue(promises.promise(1).isCancelled());
      String error = String.valueOf(stage.rows().row(event).lastError());
      assertTrue(error.contains("HandlerTimeoutException: the handler did not end within 0.2 s"));
      promises.promise(2).complete("done");
      stage.rows().awaitStatus(event, OutboxStatus.PUBLISHED);
      assertEquals(1, stage.rows().row(event).retryCount());
    }
  }

  @Test
  void theyHoldNoThread() throws Exception {
    HandlerRuntime runtime =
        stage.runtime().concurrency(100).asyncHandler(CHAT, SENT, promises).build();
    runtime.start();
    try (runtime) {
      for (int i = 0; i < 50; i++) {
        stage.emit(Stage.ONE, Stage.event(CHAT, SENT, "room-" + i), 0);
      }
      promises.awaitCall(50);
      assertFalse(promises.threads.isEmpty());
      until("none of their threads is busy", () -> busyThreads() == 0);

      promises.made.forEach(promise -> promise.complete("done"));
      stage.topics().awaitCommitted(CHAT, 0, 50);
    }
  }

  // Checks each thread, because the list of all threads contains no virtual ones. Ended threads
  // have no stack frames.
  private long busyThreads() {
    return promises.threads.stream()
        .filter(thread -> List.of(thread.getStackTrace()).toString().contains("Invocation"))
        .count();
  }
}
