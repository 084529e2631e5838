package io.sluice.handlers.internal.process;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.process.ProcessorFixture.STALE;
import static io.sluice.handlers.internal.process.ProcessorFixture.TIMEOUT;
import static io.sluice.handlers.internal.process.ProcessorFixture.WAIT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Logged;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Orders of events that are hard to time with real servers. */
class EventProcessorTest {

  private static final Duration HOUR = Duration.ofHours(1);

  @Test
  void theNextIsBegunWhenTheRowOfTheOneBeforeIsWritten() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.addPending("a1", "a");
      fixture.addPending("a2", "a");
      fixture.rows.holdWrites();
      fixture.succeed(1);
      assertEquals(1, fixture.rows.heldWrites());
      assertEquals(0, fixture.underWay());

      fixture.rows.releaseWrites();
      assertEquals(1, fixture.underWay());
      assertEquals(List.of("a1", "a2"), fixture.begun(2));
    }
  }

  @Test
  void aRowFromBeforeTheRedriveIsNotBelievedWhileItsServerMayLagBehind() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.set("a1", OutboxStatus.FAILED);
      fixture.rows.doubt(Optional.of("it lags behind"));
      TestRecord delivery = fixture.addRedriven("a1", "a");
      fixture.pass(STALE);
      assertFalse(delivery.isFinished());

      fixture.rows.set("a1", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.pass(STALE);
      assertEquals(List.of("a1"), fixture.begun(1));
    }
  }

  @Test
  void aRowFromBeforeTheRedriveIsBelievedWhereItsServerHasItAll() {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.set("a1", OutboxStatus.FAILED);
      TestRecord delivery = fixture.addRedriven("a1", "a");
      fixture.processor.turn();
      assertTrue(delivery.isFinished());
      assertEquals(1, fixture.count(Counter.SKIPPED));
    }
  }

  @Test
  void aRedrivenEventComesBeforeThoseWrittenAfterIt() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.addPending("c1", "c");
      fixture.addPending("a3", "a");
      fixture.addPending("a4", "a");
      fixture.rows.set("a1", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.rows.set("a2", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.addRedriven("a1", "a");
      fixture.addRedriven("a2", "a");
      for (int call = 1; call <= 5; call++) {
        fixture.succeed(call);
      }
      assertEquals(List.of("c1", "a1", "a2", "a3", "a4"), fixture.begun(5));
    }
  }

  @Test
  void whereLaterOnesMayPassTheyDoOnceTheFailureIsWritten() throws Exception {
    try (ProcessorFixture fixture = passing(4)) {
      fixture.addPending("a1", "a");
      fixture.addPending("a2", "a");
      fixture.rows.holdWrites();
      fixture.fail(1);
      assertEquals(1, fixture.rows.heldWrites());
      assertEquals(0, fixture.underWay());

      fixture.rows.releaseWrites();
      assertEquals(1, fixture.underWay());
      assertEquals(List.of("a1", "a2"), fixture.begun(2));
    }
  }

  private static ProcessorFixture passing(int concurrency) {
    return ProcessorFixture.of(concurrency, WhileWaiting.PASS, AfterFailure.CONTINUE);
  }

  @Test
  void oneThatIsDueAgainComesBeforeThoseThatWaitForAPlace() throws Exception {
    try (ProcessorFixture fixture = passing(1)) {
      fixture.addPending("a1", "a");
      fixture.fail(1);
      fixture.addPending("c1", "c");
      fixture.addPending("a2", "a");
      fixture.pass(WAIT);
      fixture.succeed(2);

      assertEquals(List.of("a1", "c1", "a1"), fixture.begun(3));
      fixture.succeed(3);
      assertEquals(List.of("a1", "c1", "a1", "a2"), fixture.begun(4));
    }
  }

  @Test
  void oneThatIsDueAgainWaitsForTheOneThatHasPassedIt() throws Exception {
    try (ProcessorFixture fixture = passing(4)) {
      fixture.addPending("a1", "a");
      fixture.addPending("a2", "a");
      fixture.fail(1);
      fixture.begun(2);
      fixture.pass(WAIT);
      assertEquals(1, fixture.underWay());

      fixture.succeed(2);
      assertEquals(List.of("a1", "a2", "a1"), fixture.begun(3));
    }
  }

  @Test
  void whatAnotherFinishedWhileItWaitedForItsTurnIsPassedOver() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.addPending("a1", "a");
      TestRecord delivery = fixture.addPending("a2", "a");
      fixture.pass(STALE);
      fixture.rows.set("a2", OutboxStatus.PUBLISHED);
      fixture.succeed(1);

      assertEquals(1, fixture.count(Counter.SKIPPED));
      assertTrue(delivery.isFinished());
      assertEquals(0, fixture.underWay());
    }
  }

  @Test
  void whatAnotherFinishedWhileItWaitedForAPlaceIsPassedOver() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.addPending("a1", "a");
      TestRecord delivery = fixture.addPending("b1", "b");
      fixture.pass(STALE);
      fixture.rows.set("b1", OutboxStatus.PUBLISHED);
      fixture.succeed(1);

      assertEquals(1, fixture.count(Counter.SKIPPED));
      assertTrue(delivery.isFinished());
      assertEquals(0, fixture.underWay());
    }
  }

  @Test
  void whatAnotherFinishedBetweenTwoAttemptsIsPassedOver() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.addPending("a1", "a");
      fixture.fail(1);
      fixture.rows.set("a1", OutboxStatus.PUBLISHED);
      fixture.pass(WAIT);

      assertEquals(1, fixture.count(Counter.SKIPPED));
      assertEquals(0, fixture.underWay());
    }
  }

  @Test
  void whoseRowIsReadAgainKeepsItsPlaceAmongThoseThatWait() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.addPending("a1", "a");
      fixture.addPending("b1", "b");
      fixture.pass(STALE);
      fixture.addPending("c1", "c");
      fixture.succeed(1);

      assertEquals(List.of("a1", "b1"), fixture.begun(2));
      fixture.succeed(2);
      assertEquals(List.of("a1", "b1", "c1"), fixture.begun(3));
    }
  }

  @Test
  void noMoreAreCalledThanThereArePlaces() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(2)) {
      for (String id : List.of("a", "b", "c", "d")) {
        fixture.addPending(id, id);
      }
      assertEquals(2, fixture.underWay());
      assertEquals(Set.of("a", "b"), Set.copyOf(fixture.begun(2)));
      fixture.succeed(1);
      assertEquals(2, fixture.underWay());
      assertEquals("c", fixture.begun(3).get(2));
    }
  }

  /**
   * Otherwise, the last event would wait for as many turns as there are events that are sent back.
   */
  @Test
  void doesNotRestWhileMoreMayBeCalledAndSomeAreReady() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      ShardId slow = ShardId.of("shard-slow");
      fixture.addPending("c1", "c");
      fixture.begun(1);
      for (String id : List.of("a1", "a2", "a3", "a4")) {
        fixture.rows.set(id, OutboxStatus.PENDING);
        fixture.add(slow, id, id, "{}");
      }
      fixture.rows.hang(slow);
      fixture.pass(STALE);
      fixture.addPending("d1", "d");
      assertFalse(fixture.processor.untilDue(HOUR).isZero(), "as many run as may");
      fixture.succeed(1);
      assertEquals(0, fixture.processor.load().calls());

      while (fixture.processor.untilDue(HOUR).isZero()) {
        fixture.processor.turn();
      }
      assertEquals(List.of("c1", "d1"), fixture.begun(2));
    }
  }

  @Test
  void outcomesThatAreNotWrittenDoNotFillTheBuffer() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.rows.holdWrites();
      for (int i = 1; i <= 20; i++) {
        fixture.addPending("a" + i, "a" + i);
      }
      for (int call = 1; call <= 12; call++) {
        fixture.succeed(call);
      }
      assertEquals(12, fixture.rows.heldWrites());
      assertEquals(0, fixture.underWay());

      fixture.rows.releaseWrites();
      fixture.pass(Duration.ofSeconds(1));
      assertEquals(13, fixture.begun(13).size());
    }
  }

  @Test
  void theWaitIsThatOfTheRowsCount() {
    try (ProcessorFixture fixture =
        ProcessorFixture.waiting(
            RetryPolicy.exponential(HOUR, HOUR.multipliedBy(10)).withJitter(0))) {
      fixture.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 3, Instant.now()));
      fixture.add("a1", "a");
      fixture.pass(HOUR.multipliedBy(3));
      assertEquals(0, fixture.underWay());
      fixture.pass(HOUR);
      assertEquals(1, fixture.underWay());
    }
  }

  @Test
  void whatIsOverOfTheWaitIsNotWaitedForAgain() {
    try (ProcessorFixture fixture =
        ProcessorFixture.waiting(RetryPolicy.exponential(HOUR, HOUR).withJitter(0))) {
      Instant before = Instant.now().minus(HOUR.dividedBy(2));
      fixture.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, before));
      fixture.add("a1", "a");
      assertEquals(0, fixture.underWay());
      fixture.pass(HOUR.dividedBy(2));
      assertEquals(1, fixture.underWay());
    }
  }

  @Test
  void aRowWrittenByAClockThatIsAheadDoesNotMakeTheWaitLonger() {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now().plus(HOUR)));
      fixture.add("a1", "a");
      assertEquals(0, fixture.underWay());
      fixture.pass(WAIT);
      assertEquals(1, fixture.underWay());
    }
  }

  @Test
  void eachAttemptHasItsOwnTime() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4);
        Logged logged = Logged.by(EventProcessor.class)) {
      fixture.addPending("a1", "a");
      fixture.fail(1);
      fixture.pass(WAIT);
      CompletableFuture<String> second = fixture.stage(2);
      fixture.pass(TIMEOUT.minus(WAIT));
      assertEquals(0, toldToEnd(logged), "that was the time of the first");

      fixture.pass(WAIT);
      assertEquals(1, toldToEnd(logged));
      until("it is cut off", second::isCancelled);
    }
  }

  private static long toldToEnd(Logged logged) {
    return logged.events().stream()
        .filter(line -> line.getFormattedMessage().contains("has reached its timeout"))
        .count();
  }

  @Test
  void whatHasGoneWhileItWaitedForAPlaceIsNotCalled() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.addPending("a1", "a");
      TestRecord lost = fixture.addPending("b1", "b");
      lost.lose();
      fixture.processor.forgetLost();
      fixture.succeed(1);

      assertEquals(0, fixture.underWay());
      assertFalse(lost.isFinished());
      assertEquals(0, fixture.processor.load().events());
    }
  }

  @Test
  void itIsFullOfBytesTooUntilTheyAreFinished() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.set("a1", OutboxStatus.PENDING);
      fixture.add("a1", "a", "x".repeat(100));
      assertTrue(fixture.processor.isFull());
      fixture.succeed(1);
      assertFalse(fixture.processor.isFull());
    }
  }
}
