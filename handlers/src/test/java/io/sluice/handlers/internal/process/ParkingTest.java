package io.sluice.handlers.internal.process;

import static io.sluice.handlers.internal.process.ProcessorFixture.STALE;
import static io.sluice.handlers.internal.process.ProcessorFixture.WAIT;
import static io.sluice.handlers.internal.process.ProcessorFixture.aggregate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parking of events while the records of redriven events have not been delivered yet. */
class ParkingTest {

  private static ProcessorFixture parking() {
    return ProcessorFixture.of(4, WhileWaiting.HOLD, AfterFailure.PARK);
  }

  @Test
  void oneThatWaitsForARecordThatDoesNotComeAsksTheRowsAgain() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      fixture.rows.failed("a0", aggregate("a"));
      fixture.rows.answerParking(new ParkAnswer.HeadUnderWay(), new ParkAnswer.HeadDone());
      fixture.addPending("a1", "a");
      assertEquals(0, fixture.underWay());
      assertEquals(List.of("a1 behind a0"), fixture.rows.parked());

      fixture.pass(STALE);
      assertEquals(List.of("a1"), fixture.begun(1));
    }
  }

  /** The redrive did not see the event, because it was written just before. */
  @Test
  void oneThatWaitsLetsAllPassThatWereRedrivenWithTheOneItWaitsFor() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      fixture.rows.failed("a0", aggregate("a"));
      fixture.rows.answerParking(new ParkAnswer.HeadUnderWay(), new ParkAnswer.HeadUnderWay());
      fixture.addPending("a2", "a");
      for (String id : List.of("a0", "a1")) {
        fixture.rows.set(id, HeldRows.redriven(OutboxStatus.PENDING));
        fixture.addRedriven(id, "a");
      }
      for (int call = 1; call <= 3; call++) {
        fixture.succeed(call);
      }
      assertEquals(List.of("a0", "a1", "a2"), fixture.begun(3));
    }
  }

  @Test
  void oneThatIsToBeParkedLetsTheRedrivenPassThatCameMeanwhile() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      fixture.rows.failed("a0", aggregate("a"));
      fixture.addPending("a1", "a");
      fixture.rows.set("a0", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.addRedriven("a0", "a");
      fixture.rows.answerHeldParking(new ParkAnswer.HeadUnderWay());
      fixture.processor.turn();
      fixture.succeed(1);
      fixture.succeed(2);
      assertEquals(List.of("a0", "a1"), fixture.begun(2));
    }
  }

  @Test
  void whatIsUnderWayIsNotForgottenWhenPartitionsCome() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      fixture.rows.failed("a0", aggregate("a"));
      fixture.rows.answerParking(new ParkAnswer.HeadUnderWay(), new ParkAnswer.HeadUnderWay());
      fixture.addPending("a1", "a");
      fixture.rows.redriven("a0");
      fixture.processor.partitionsCame();
      fixture.pass(STALE);
      assertEquals(0, fixture.underWay());

      fixture.rows.set("a0", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.addRedriven("a0", "a");
      fixture.succeed(1);
      fixture.succeed(2);
      assertEquals(List.of("a0", "a1"), fixture.begun(2));
    }
  }

  /** A failed attempt meanwhile starts a backoff, which the record must not end. */
  @Test
  void oneThatNoLongerWaitsForARecordIsNotWokenForIt() throws Exception {
    try (ProcessorFixture fixture = parking()) {
      fixture.rows.failed("a0", aggregate("a"));
      fixture.rows.answerParking(new ParkAnswer.HeadUnderWay());
      fixture.addPending("a1", "a");
      fixture.rows.set("a0", HeldRows.redriven(OutboxStatus.PENDING));
      fixture.addRedriven("a0", "a");
      fixture.succeed(1);
      fixture.pass(STALE.minus(WAIT));
      fixture.fail(2);
      fixture.pass(WAIT.dividedBy(4).multipliedBy(3));
      assertEquals(0, fixture.underWay());
      assertEquals(2, fixture.begun(2).size());

      fixture.pass(WAIT);
      assertEquals(List.of("a0", "a1", "a1"), fixture.begun(3));
    }
  }

  @Test
  void partitionsThatComeMayHaveEventsThatFailedElsewhere() {
    try (ProcessorFixture fixture = parking()) {
      fixture.addPending("b1", "b");
      fixture.rows.failed("a0", aggregate("a"));
      fixture.processor.partitionsCame();
      fixture.rows.answerParking(new ParkAnswer.Behind(Optional.of(HeldRows.parkedBehind("a0"))));
      fixture.addPending("a1", "a");
      fixture.processor.turn();

      assertEquals(List.of("a1 behind a0"), fixture.rows.parked());
    }
  }

  @Test
  void oneThatIsNotParkedAfterAllGoesByItsRow() {
    try (ProcessorFixture fixture = parking()) {
      fixture.rows.failed("a0", aggregate("a"));
      fixture.rows.answerParking(
          new ParkAnswer.Behind(
              Optional.of(HeldRows.row(OutboxStatus.PUBLISHED, 0, Instant.now()))));
      TestRecord delivery = fixture.addPending("a1", "a");
      fixture.processor.turn();

      assertTrue(delivery.isFinished());
      assertEquals(1, fixture.count(Counter.SKIPPED));
      assertEquals(0, fixture.count(Counter.PARKED));
    }
  }

  @Test
  void aFailedEventThatIsDeliveredAgainStillParksThoseBehindIt() {
    try (ProcessorFixture fixture = parking()) {
      fixture.addPending("b1", "b");
      // Another worker has changed the row since the failed events were read.
      fixture.rows.set("a0", OutboxStatus.FAILED);
      fixture.add("a0", "a");
      fixture.rows.answerParking(new ParkAnswer.Behind(Optional.of(HeldRows.parkedBehind("a0"))));
      fixture.addPending("a1", "a");
      fixture.processor.turn();

      assertEquals(List.of("a1 behind a0"), fixture.rows.parked());
    }
  }
}
