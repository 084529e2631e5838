package io.sluice.handlers.internal.flow;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.flow.FlowStage.STALE;
import static io.sluice.handlers.internal.flow.FlowStage.TIMEOUT;
import static io.sluice.handlers.internal.flow.FlowStage.WAIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Logged;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** What is hard to time with real servers: who comes when, by which row. */
class EventFlowTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void theNextIsBegunWhenTheRowOfTheOneBeforeIsWritten() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.addPending("a1", "a");
      stage.addPending("a2", "a");
      stage.rows.holdWrites();
      stage.succeed(1);
      assertEquals(1, stage.rows.heldWrites());
      assertEquals(0, stage.underWay());

      stage.rows.releaseWrites();
      assertEquals(1, stage.underWay());
      assertEquals(List.of("a1", "a2"), stage.begun(2));
    }
  }

  @Test
  void aRowFromBeforeTheRedriveIsNotBelievedWhileItsServerMayLagBehind() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.set("a1", OutboxStatus.FAILED);
      stage.rows.doubt(Optional.of("it lags behind"));
      TestPlace place = stage.addRedriven("a1", "a");
      stage.pass(STALE);
      assertFalse(place.isFinished());

      stage.rows.set("a1", HeldRows.redriven(OutboxStatus.PENDING));
      stage.pass(STALE);
      assertEquals(List.of("a1"), stage.begun(1));
    }
  }

  @Test
  void aRowFromBeforeTheRedriveIsBelievedWhereItsServerHasItAll() {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.set("a1", OutboxStatus.FAILED);
      TestPlace place = stage.addRedriven("a1", "a");
      stage.flow.turn();
      assertTrue(place.isFinished());
      assertEquals(1, stage.counters.skipped());
    }
  }

  @Test
  void aRedrivenEventComesBeforeThoseWrittenAfterIt() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      stage.addPending("c1", "c");
      stage.addPending("a3", "a");
      stage.addPending("a4", "a");
      stage.rows.set("a1", HeldRows.redriven(OutboxStatus.PENDING));
      stage.rows.set("a2", HeldRows.redriven(OutboxStatus.PENDING));
      stage.addRedriven("a1", "a");
      stage.addRedriven("a2", "a");
      for (int call = 1; call <= 5; call++) {
        stage.succeed(call);
      }
      assertEquals(List.of("c1", "a1", "a2", "a3", "a4"), stage.begun(5));
    }
  }

  @Test
  void whereLaterOnesMayPassTheyDoOnceTheFailureIsWritten() throws Exception {
    try (FlowStage stage = passing(4)) {
      stage.addPending("a1", "a");
      stage.addPending("a2", "a");
      stage.rows.holdWrites();
      stage.fail(1);
      assertEquals(1, stage.rows.heldWrites());
      assertEquals(0, stage.underWay());

      stage.rows.releaseWrites();
      assertEquals(1, stage.underWay());
      assertEquals(List.of("a1", "a2"), stage.begun(2));
    }
  }

  private static FlowStage passing(int concurrency) {
    return FlowStage.of(concurrency, WhileWaiting.PASS, AfterFailure.CONTINUE);
  }

  @Test
  void oneThatIsDueAgainComesBeforeThoseThatWaitForAPlace() throws Exception {
    try (FlowStage stage = passing(1)) {
      stage.addPending("a1", "a");
      stage.fail(1);
      stage.addPending("c1", "c");
      stage.addPending("a2", "a");
      stage.pass(WAIT);
      stage.succeed(2);

      assertEquals(List.of("a1", "c1", "a1"), stage.begun(3));
      stage.succeed(3);
      assertEquals(List.of("a1", "c1", "a1", "a2"), stage.begun(4));
    }
  }

  @Test
  void oneThatIsDueAgainWaitsForTheOneThatHasPassedIt() throws Exception {
    try (FlowStage stage = passing(4)) {
      stage.addPending("a1", "a");
      stage.addPending("a2", "a");
      stage.fail(1);
      stage.begun(2);
      stage.pass(WAIT);
      assertEquals(1, stage.underWay());

      stage.succeed(2);
      assertEquals(List.of("a1", "a2", "a1"), stage.begun(3));
    }
  }

  @Test
  void whatAnotherFinishedWhileItWaitedForItsTurnIsPassedOver() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.addPending("a1", "a");
      TestPlace place = stage.addPending("a2", "a");
      stage.pass(STALE);
      stage.rows.set("a2", OutboxStatus.PUBLISHED);
      stage.succeed(1);

      assertEquals(1, stage.counters.skipped());
      assertTrue(place.isFinished());
      assertEquals(0, stage.underWay());
    }
  }

  @Test
  void whatAnotherFinishedWhileItWaitedForAPlaceIsPassedOver() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      stage.addPending("a1", "a");
      TestPlace place = stage.addPending("b1", "b");
      stage.pass(STALE);
      stage.rows.set("b1", OutboxStatus.PUBLISHED);
      stage.succeed(1);

      assertEquals(1, stage.counters.skipped());
      assertTrue(place.isFinished());
      assertEquals(0, stage.underWay());
    }
  }

  @Test
  void whatAnotherFinishedBetweenTwoAttemptsIsPassedOver() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.addPending("a1", "a");
      stage.fail(1);
      stage.rows.set("a1", OutboxStatus.PUBLISHED);
      stage.pass(WAIT);

      assertEquals(1, stage.counters.skipped());
      assertEquals(0, stage.underWay());
    }
  }

  @Test
  void whoseRowIsReadAgainKeepsItsPlaceAmongThoseThatWait() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      stage.addPending("a1", "a");
      stage.addPending("b1", "b");
      stage.pass(STALE);
      stage.addPending("c1", "c");
      stage.succeed(1);

      assertEquals(List.of("a1", "b1"), stage.begun(2));
      stage.succeed(2);
      assertEquals(List.of("a1", "b1", "c1"), stage.begun(3));
    }
  }

  @Test
  void noMoreAreCalledThanThereArePlaces() throws Exception {
    try (FlowStage stage = FlowStage.of(2)) {
      for (String id : List.of("a", "b", "c", "d")) {
        stage.addPending(id, id);
      }
      assertEquals(2, stage.underWay());
      assertEquals(Set.of("a", "b"), Set.copyOf(stage.begun(2)));
      stage.succeed(1);
      assertEquals(2, stage.underWay());
      assertEquals("c", stage.begun(3).get(2));
    }
  }

  /** Otherwise those of others would wait for as many turns as there are events of it. */
  @Test
  void doesNotRestWhileThereArePlacesAndSomeThatMayTakeThem() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      ShardId away = ShardId.of("shard-away");
      stage.addPending("c1", "c");
      stage.begun(1);
      for (String id : List.of("a1", "a2", "a3", "a4")) {
        stage.rows.set(id, OutboxStatus.PENDING);
        stage.add(away, id, id, "{}");
      }
      stage.addPending("d1", "d");
      assertFalse(stage.flow.untilDue(HOUR).isZero(), "the place is taken");
      stage.rows.silence(away);
      stage.succeed(1);
      assertEquals(0, stage.flow.load().calls());

      while (stage.flow.untilDue(HOUR).isZero()) {
        stage.flow.turn();
      }
      assertEquals(List.of("c1", "d1"), stage.begun(2));
    }
  }

  @Test
  void outcomesThatAreNotWrittenDoNotFillTheBuffer() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      stage.rows.holdWrites();
      for (int i = 1; i <= 20; i++) {
        stage.addPending("a" + i, "a" + i);
      }
      for (int call = 1; call <= 12; call++) {
        stage.succeed(call);
      }
      assertEquals(12, stage.rows.heldWrites());
      assertEquals(0, stage.underWay());

      stage.rows.releaseWrites();
      stage.pass(Duration.ofSeconds(1));
      assertEquals(13, stage.begun(13).size());
    }
  }

  @Test
  void theWaitIsThatOfTheRowsCount() {
    try (FlowStage stage =
        FlowStage.waiting(RetryPolicy.exponential(HOUR, HOUR.multipliedBy(10)).withJitter(0))) {
      stage.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 3, Instant.now()));
      stage.add("a1", "a");
      stage.pass(HOUR.multipliedBy(3));
      assertEquals(0, stage.underWay());
      stage.pass(HOUR);
      assertEquals(1, stage.underWay());
    }
  }

  @Test
  void whatIsOverOfTheWaitIsNotWaitedForAgain() {
    try (FlowStage stage = FlowStage.waiting(RetryPolicy.exponential(HOUR, HOUR).withJitter(0))) {
      Instant before = Instant.now().minus(HOUR.dividedBy(2));
      stage.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, before));
      stage.add("a1", "a");
      assertEquals(0, stage.underWay());
      stage.pass(HOUR.dividedBy(2));
      assertEquals(1, stage.underWay());
    }
  }

  @Test
  void aRowWrittenByAClockThatIsAheadDoesNotMakeTheWaitLonger() {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now().plus(HOUR)));
      stage.add("a1", "a");
      assertEquals(0, stage.underWay());
      stage.pass(WAIT);
      assertEquals(1, stage.underWay());
    }
  }

  @Test
  void eachAttemptHasItsOwnTime() throws Exception {
    try (FlowStage stage = FlowStage.of(4);
        Logged logged = Logged.by(EventFlow.class)) {
      stage.addPending("a1", "a");
      stage.fail(1);
      stage.pass(WAIT);
      CompletableFuture<String> second = stage.stage(2);
      stage.pass(TIMEOUT.minus(WAIT));
      assertEquals(0, toldToEnd(logged), "that was the time of the first");

      stage.pass(WAIT);
      assertEquals(1, toldToEnd(logged));
      until("it is cut off", second::isCancelled);
    }
  }

  private static long toldToEnd(Logged logged) {
    return logged.events().stream()
        .filter(line -> line.getFormattedMessage().contains("is told to end"))
        .count();
  }

  @Test
  void whatHasGoneWhileItWaitedForAPlaceIsNotCalled() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      stage.addPending("a1", "a");
      TestPlace lost = stage.addPending("b1", "b");
      lost.lose();
      stage.flow.forgetLost();
      stage.succeed(1);

      assertEquals(0, stage.underWay());
      assertFalse(lost.isFinished());
      assertEquals(0, stage.flow.load().events());
    }
  }

  @Test
  void itIsFullOfBytesTooUntilTheyAreFinished() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.set("a1", OutboxStatus.PENDING);
      stage.add("a1", "a", "x".repeat(100));
      assertTrue(stage.flow.isFull());
      stage.succeed(1);
      assertFalse(stage.flow.isFull());
    }
  }
}
