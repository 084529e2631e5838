package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.TestDataSource;
import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.Handler;
import io.sluice.handlers.api.HandlerTimeoutException;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.TransactionalEventHandler;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class InvocationTest {

  private final List<Outcome> outcomes = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();

  private Invocation of(Handler handler) {
    return of(handler, null);
  }

  private Invocation of(Handler handler, @Nullable RowTransactions transactions) {
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id("1")
            .shard(ShardId.GLOBAL)
            .aggregate("room", "7")
            .payload("{}")
            .build();
    return new Invocation(
        event, 0, new Registration(handler, RetryPolicy.DEFAULT), transactions, outcomes::add);
  }

  private Outcome outcome() {
    assertEquals(1, outcomes.size(), outcomes::toString);
    return outcomes.get(0);
  }

  @Test
  void anEventIsNotBlamedForACallThatNeverBegan() {
    Invocation invocation = of((EventHandler) event -> calls.add(event.id()));

    invocation.cut(Invocation.Cut.TIMED_OUT);
    invocation.run();

    assertInstanceOf(Outcome.Inconclusive.class, outcome());
    assertEquals(List.of(), calls);
  }

  @Test
  void aCallThatIsCutOffBeforeItReachesItsHandlerIsNotBlamedOnTheEvent() {
    List<Invocation> self = new ArrayList<>();
    TestDataSource exhausted =
        new TestDataSource() {
          @Override
          public Connection getConnection() throws SQLException {
            self.get(0).cut(Invocation.Cut.TIMED_OUT);
            throw new SQLException("the pool is exhausted");
          }
        };
    self.add(
        of(
            (TransactionalEventHandler) (event, connection) -> calls.add(event.id()),
            new RowTransactions(
                ShardDataSources.of(Map.of(ShardId.GLOBAL, exhausted)), new ObserverRows())));

    self.get(0).run();

    Outcome.Inconclusive inconclusive = assertInstanceOf(Outcome.Inconclusive.class, outcome());
    assertEquals(
        "the handler was not reached within 300.0 s, for which its thread, its connection or its row"
            + " was waited for",
        inconclusive.cause().getMessage());
    assertInstanceOf(SQLException.class, inconclusive.cause().getCause());
    assertEquals(List.of(), calls);
  }

  @Test
  void whatIsAbandonedBeforeItBeganDoesNotBegin() {
    Invocation invocation = of((EventHandler) event -> calls.add(event.id()));

    invocation.cut(Invocation.Cut.ABANDONED);
    invocation.run();

    assertInstanceOf(Outcome.Abandoned.class, outcome());
    assertEquals(List.of(), calls);
  }

  @Test
  void aStageThatComesAfterTheCallWasCutOffIsCancelled() {
    List<Invocation> self = new ArrayList<>();
    CompletableFuture<Void> late = new CompletableFuture<>();
    self.add(
        of(
            (AsyncEventHandler)
                event -> {
                  self.get(0).cut(Invocation.Cut.TIMED_OUT);
                  return late;
                }));

    self.get(0).run();

    assertTrue(late.isCancelled());
    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome());
    assertInstanceOf(HandlerTimeoutException.class, failed.cause());
  }

  @Test
  void aFailureAfterTheTimeoutIsTheTimeout() {
    List<Invocation> self = new ArrayList<>();
    List<Boolean> interrupted = new ArrayList<>();
    self.add(
        of(
            (EventHandler)
                event -> {
                  self.get(0).cut(Invocation.Cut.TIMED_OUT);
                  interrupted.add(Thread.currentThread().isInterrupted());
                  throw new InterruptedException();
                }));

    self.get(0).run();

    Outcome.Failed failed = assertInstanceOf(Outcome.Failed.class, outcome());
    assertInstanceOf(HandlerTimeoutException.class, failed.cause());
    assertEquals(List.of(true), interrupted);
    assertFalse(Thread.currentThread().isInterrupted(), "the thread goes on to other work");
  }

  @Test
  void whatWasAchievedAfterTheTimeoutCounts() {
    List<Invocation> self = new ArrayList<>();
    self.add(of((EventHandler) event -> self.get(0).cut(Invocation.Cut.TIMED_OUT)));

    self.get(0).run();

    assertInstanceOf(Outcome.Succeeded.class, outcome());
  }

  @Test
  void aStageThatEndsAfterItWasCutOffIsNotToldAgain() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    Invocation invocation = of((AsyncEventHandler) event -> stage);
    invocation.run();
    assertEquals(List.of(), outcomes);

    invocation.cut(Invocation.Cut.TIMED_OUT);
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

  /** Dependent stages wrap the exception of the first one. */
  @Test
  void aStageThatDependsOnAFailedOneHasItsFailure() {
    CompletableFuture<String> first = new CompletableFuture<>();
    of((AsyncEventHandler) event -> first.thenApply(String::length)).run();
    IllegalStateException failure = new IllegalStateException("of the first");
    first.completeExceptionally(failure);

    assertEquals(new Outcome.Failed(failure), outcome());
  }

  /** The outcome of a call is reported once. */
  @Test
  void aStageThatCompletesAfterItsHandlerHasThrownIsNotTold() {
    CompletableFuture<String> stage = new CompletableFuture<>();
    IllegalStateException failure = new IllegalStateException("after it began");
    of((AsyncEventHandler)
            event -> {
              stage.complete("meanwhile");
              throw failure;
            })
        .run();

    assertEquals(List.of(new Outcome.Failed(failure)), outcomes);
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
