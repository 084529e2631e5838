package io.sluice.handlers.internal.process;

import static io.sluice.handlers.internal.process.ProcessorFixture.HALF;
import static io.sluice.handlers.internal.process.ProcessorFixture.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Logged;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Deferral of events that cannot continue, and their share of the buffer. */
class DeferralTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  // Until the next attempt

  @Test
  void anEventBeforeItsNextAttemptAndThoseBehindItLeaveTheBufferToOthers() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      fixture.addPending("a1", "a", "{}");
      fixture.addPending("a2", "a", HALF);
      fixture.addPending("a3", "a", HALF);
      assertTrue(fixture.processor.isFull());
      fixture.fail(1);

      assertEquals(0, fixture.bytes());
      assertFalse(fixture.processor.isFull());
      fixture.addPending("a4", "a", LONG);
      assertEquals(0, fixture.bytes(), "one that comes behind them is deferred too");
      assertEquals(4, fixture.processor.load().events());
      fixture.addPending("c1", "c", "{}");
      assertEquals(List.of("a1", "c1"), fixture.begun(2));
    }
  }

  @Test
  void aDeferredEventContinuesWithThePayloadOfItsRow() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      fixture.addPending("a1", "a", "{}");
      fixture.fail(1);
      fixture.pass(MINUTE.minus(SECOND));
      assertEquals(List.of(), fixture.rows.reloaded());
      fixture.pass(SECOND);

      assertEquals(List.of("a1", "a1"), fixture.begun(2));
      HandledEvent second = fixture.called().get(1);
      assertEquals(HeldRows.PAYLOAD, second.payload());
      assertEquals(2, second.attempt());
      assertEquals("message_sent", second.eventType());
    }
  }

  @Test
  void deferredEventsOfAnAggregateKeepTheirOrder() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      for (int i = 1; i <= 25; i++) {
        fixture.addPending("a" + (100 + i), "a", "{}");
      }
      fixture.fail(1);
      fixture.addPending("a126", "a", "{}");
      fixture.pass(MINUTE);
      for (int call = 2; call <= 27; call++) {
        fixture.succeed(call);
        fixture.pass(Duration.ZERO);
      }
      List<String> calls = fixture.begun(27);
      assertEquals(calls.stream().sorted().toList(), calls);
      assertEquals(26, fixture.count(Counter.PUBLISHED));
      assertEquals(0, fixture.processor.load().events());
      assertEquals(26, fixture.rows.reloaded().size(), "each payload is read once");
    }
  }

  @Test
  void whereOthersMayPassTheEventIsDeferredAlone() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.PASS)) {
      fixture.addPending("a1", "a", LONG);
      fixture.fail(1);
      assertEquals(0, fixture.bytes());

      fixture.addPending("a2", "a", "{}");
      assertEquals(List.of("a1", "a2"), fixture.begun(2));
    }
  }

  @Test
  void aDeferredEventThatAnotherWorkerHasFinishedIsSkipped() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      TestRecord first = fixture.addPending("a1", "a", "{}");
      TestRecord second = fixture.addPending("a2", "a", "{}");
      fixture.fail(1);
      fixture.rows.set("a1", OutboxStatus.PUBLISHED);
      fixture.rows.set("a2", OutboxStatus.PUBLISHED);
      fixture.pass(MINUTE);
      fixture.pass(Duration.ZERO);

      assertTrue(first.isFinished() && second.isFinished());
      assertEquals(2, fixture.count(Counter.SKIPPED));
    }
  }

  @Test
  void aDeferredEventWhoseRowIsGoneIsSkippedIfThatIsCertain() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      TestRecord delivery = fixture.addPending("a1", "a", "{}");
      fixture.fail(1);
      fixture.rows.remove("a1");
      fixture.rows.doubt(Optional.of("it lags behind"));
      fixture.pass(MINUTE);
      assertFalse(delivery.isFinished());

      fixture.rows.doubt(Optional.empty());
      fixture.pass(ProcessorFixture.STALE);
      fixture.pass(Duration.ZERO);
      assertTrue(delivery.isFinished());
      assertEquals(1, fixture.count(Counter.SKIPPED));
    }
  }

  /** Otherwise a shard would be busy with them, and delay its other events. */
  @Test
  void theMoreRowsAreLateTheLessOftenTheyAreRead() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.rows.doubt(Optional.of("it lags behind"));
      int count = 8_000;
      for (int i = 0; i < count; i++) {
        fixture.add("a" + i, "room-" + i);
      }
      passAndTurn(fixture, SECOND.multipliedBy(8));
      assertEquals(2 * count, fixture.rows.confirmations());
      passAndTurn(fixture, SECOND.multipliedBy(7));
      assertEquals(2 * count, fixture.rows.confirmations());
      passAndTurn(fixture, SECOND);
      assertEquals(3 * count, fixture.rows.confirmations());
    }
  }

  private static void passAndTurn(ProcessorFixture fixture, Duration time) {
    fixture.pass(time);
    for (int i = 0; i < 200; i++) {
      fixture.pass(Duration.ZERO);
    }
  }

  @Test
  void deferredEventsThatWereLostAreForgotten() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      TestRecord first = fixture.addPending("a1", "a", "{}");
      TestRecord second = fixture.addPending("a2", "a", "{}");
      fixture.fail(1);
      first.lose();
      second.lose();
      fixture.processor.forgetLost();
      fixture.pass(MINUTE);

      assertEquals(0, fixture.processor.load().events());
      assertEquals(0, fixture.processor.load().aggregates());
      assertEquals(List.of(), fixture.rows.reloaded());
    }
  }

  // Limits

  /** The other half is kept for newly polled events, however many deferred events are due. */
  @Test
  void eventsThatReturnTakeHalfOfTheBufferAtMost() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      for (String id : List.of("a1", "b1", "c1", "d1")) {
        fixture.rows.set(id, HeldRows.row(OutboxStatus.RETRY, 1, Instant.now()));
        fixture.add(id, id, "x".repeat(30));
      }
      assertEquals(0, fixture.bytes());
      fixture.pass(MINUTE);

      assertEquals(60, fixture.bytes());
      assertFalse(fixture.processor.isFull());
      assertEquals(2, fixture.begun(2).size());
      fixture.succeed(1);
      fixture.pass(Duration.ZERO);
      assertEquals(3, fixture.begun(3).size());
    }
  }

  @Test
  void noMoreAreFetchedWhenTooManyAreDeferred() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD);
        Logged logged = Logged.by(EventProcessor.class)) {
      for (int i = 1; i <= 1_000; i++) {
        assertFalse(fixture.processor.isFull());
        String id = "a" + i;
        fixture.rows.set(id, HeldRows.row(OutboxStatus.RETRY, 1, Instant.now()));
        fixture.add(id, id);
      }
      assertTrue(fixture.processor.isFull());
      assertEquals(1, logged.events().size());
      String line = logged.events().get(0).getFormattedMessage();
      assertTrue(line.contains("no more events of domain CHAT are fetched while 1000"), line);

      fixture.pass(MINUTE);
      fixture.succeed(1);
      assertFalse(fixture.processor.isFull());
    }
  }

  /** Otherwise, the head of each aggregate could wait for room that the events behind it occupy. */
  @Test
  void anEventGivesItsRoomBackWhenAnotherComesBeforeIt() throws Exception {
    RetryPolicy patient =
        RetryPolicy.exponential(MINUTE, MINUTE).withJitter(0).withTimeout(Duration.ofHours(1));
    try (ProcessorFixture fixture =
        ProcessorFixture.of(1, WhileWaiting.PASS, AfterFailure.CONTINUE, patient)) {
      fixture.addPending("c1", "c");
      fixture.begun(1);
      for (String id : List.of("a1", "a2")) {
        fixture.rows.set(id, HeldRows.row(OutboxStatus.RETRY, 1, Instant.now()));
        fixture.add(id, "a", HALF);
        fixture.pass(SECOND);
      }
      fixture.pass(MINUTE.minus(SECOND.multipliedBy(2)));
      assertEquals(List.of("a1"), fixture.rows.reloaded());
      fixture.pass(SECOND);
      assertEquals(List.of("a1", "a2"), fixture.rows.reloaded());

      for (int call = 1; call <= 3; call++) {
        fixture.succeed(call);
        fixture.pass(Duration.ZERO);
      }
      assertEquals(List.of("c1", "a2", "a1"), fixture.begun(3));
    }
  }

  // Behind a slow event

  @Test
  void whatWaitsBehindALongCallIsDeferred() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      fixture.addPending("a1", "a", "{}");
      fixture.begun(1);
      fixture.addPending("a2", "a", LONG);
      fixture.pass(SECOND.multipliedBy(4));
      assertTrue(fixture.processor.isFull());
      fixture.pass(SECOND);
      assertFalse(fixture.processor.isFull());
      fixture.addPending("a3", "a", LONG);
      assertFalse(fixture.processor.isFull());

      fixture.succeed(1);
      fixture.pass(Duration.ZERO);
      fixture.succeed(2);
      fixture.pass(Duration.ZERO);
      assertEquals(List.of("a1", "a2", "a3"), fixture.begun(3));
    }
  }

  // Behind a redriven event

  private static ProcessorFixture parking() {
    return ProcessorFixture.of(4, WhileWaiting.HOLD, AfterFailure.PARK, RetryPolicy.DEFAULT);
  }

  /** Defers an event whose aggregate has a redriven head that has not been delivered yet. */
  private static void deferBehindA1(ProcessorFixture fixture) {
    fixture.rows.failed("a1", ProcessorFixture.aggregate("a"));
    fixture.rows.answerParking(new ParkAnswer.HeadUnderWay());
    fixture.addPending("a2", "a", LONG);
    fixture.pass(Duration.ZERO);
    assertEquals(0, fixture.bytes());
  }

  /** Otherwise, the event that all others wait for would never be handled. */
  @Test
  void aRedrivenEventIsNotDeferredBehindThoseThatWaitForIt() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      deferBehindA1(fixture);
      fixture.rows.set("a3", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.addRedriven("a3", "a");
      assertEquals(0, fixture.bytes(), "it was written after the deferred one");
      fixture.rows.set("a1", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.addRedriven("a1", "a");
      assertEquals(List.of("a1"), fixture.begun(1));

      fixture.succeed(1);
      for (int call = 2; call <= 3; call++) {
        fixture.pass(Duration.ZERO);
        fixture.succeed(call);
      }
      assertEquals(List.of("a1", "a2", "a3"), fixture.begun(3));
    }
  }

  /** The failed events of a shard are read again when partitions are assigned. */
  @Test
  void aDeferredEventIsNotForgottenToBeBehindAnother() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      deferBehindA1(fixture);
      fixture.rows.redriven("a1");
      fixture.processor.partitionsCame();
      fixture.addPending("c1", "c", "{}");
      assertEquals(List.of("c1"), fixture.begun(1));
      fixture.pass(SECOND.multipliedBy(5));

      assertEquals(List.of("a2 behind a1", "a2 behind a1"), fixture.rows.parked());
      assertEquals(List.of("c1"), fixture.begun(1));
    }
  }

  // Rows without payloads

  @Test
  void withoutPayloadsInRowsEventsKeepTheirsAndFillTheBuffer() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.observing()) {
      fixture.add("a1", "a", LONG);
      fixture.fail(1);
      assertTrue(fixture.processor.isFull());
      fixture.pass(ProcessorFixture.WAIT);
      assertEquals(List.of("a1", "a1"), fixture.begun(2));
      assertEquals(LONG, fixture.called().get(1).payload());
    }
  }
}
