package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.Handler;
import io.sluice.handlers.api.HandlerTimeoutException;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class InvocationTest {

  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  private Invocation of(Handler handler) {
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id("1")
            .shard(ShardId.GLOBAL)
            .aggregate("room", "7")
            .payload("{}")
            .build();
    return new Invocation(
        event, 0, new Registration(handler, RetryPolicy.DEFAULT), null, outcomes::add);
  }

  private Outcome outcome() {
    assertEquals(1, outcomes.size(), outcomes::toString);
    return outcomes.get(0);
  }

  @Test
  void anEventIsNotBlamedForACallThatNeverBegan() {
    Invocation invocation = of((EventHandler) event -> calls.add(event.id()));

    invocation.timeOut();
    invocation.run();

    assertInstanceOf(Outcome.Inconclusive.class, outcome());
    assertEquals(List.of(), calls);
  }

  @Test
  void whatIsAbandonedBeforeItBeganDoesNotBegin() {
    Invocation invocation = of((EventHandler) event -> calls.add(event.id()));

    invocation.abandon();
    invocation.run();

    assertInstanceOf(Outcome.Abandoned.class, outcome());
    assertEquals(List.of(), calls);
  }

  @Test
  void aFailureAfterTheTimeoutIsTheTimeout() {
    List<Invocation> self = new ArrayList<>();
    self.add(
        of(
            (EventHandler)
                event -> {
                  self.get(0).timeOut();
                  assertTrue(Thread.currentThread().isInterrupted());
                  throw new InterruptedException();
                }));

    self.get(0).run();

    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome());
    assertInstanceOf(HandlerTimeoutException.class, failed.cause());
    assertFalse(Thread.currentThread().isInterrupted(), "the thread goes on to other work");
  }

  @Test
  void whatWasAchievedAfterTheTimeoutCounts() {
    List<Invocation> self = new ArrayList<>();
    self.add(of((EventHandler) event -> self.get(0).timeOut()));

    self.get(0).run();

    assertInstanceOf(Outcome.Succeeded.class, outcome());
  }

  @Test
  void aStageThatEndsAfterItWasCutOffIsNotToldAgain() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Invocation invocation = of((AsyncEventHandler) event -> stage);
    invocation.run();
    assertEquals(List.of(), outcomes);

    invocation.timeOut();
    stage.complete("late");

    assertInstanceOf(Outcome.Failed.class, outcome());
    assertTrue(stage.isCancelled());
  }

  @Test
  void aMachineOutOfMemorySaysNothingAboutTheEventAndAStackOverflowDoes() {
    of((EventHandler)
            event -> {
              throw new OutOfMemoryError("as if");
            })
        .run();
    assertInstanceOf(Outcome.Inconclusive.class, outcome());
    outcomes.clear();

    of((EventHandler)
            event -> {
              throw new StackOverflowError("as if");
            })
        .run();
    assertInstanceOf(Outcome.Failed.class, outcome());
  }

  @Test
  void noStageIsAFailure() {
    of((AsyncEventHandler) event -> nothing()).run();

    assertInstanceOf(Outcome.Failed.class, outcome());
  }

  @SuppressWarnings("NullAway") // what a careless handler returns
  private static CompletableFuture<String> nothing() {
    return null;
  }
}
