package io.sluice.handlers.internal.flow;

import static io.sluice.handlers.internal.flow.FlowStage.STALE;
import static io.sluice.handlers.internal.flow.FlowStage.WAIT;
import static io.sluice.handlers.internal.flow.FlowStage.aggregate;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.row.RowRequest.ParkAnswer;
import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Parking where rows say one thing and records have not come yet. */
class ParkingTest {

  private static FlowStage parking() {
    return FlowStage.of(4, WhileWaiting.HOLD, AfterFailure.PARK);
  }

  @Test
  void oneThatWaitsForARecordThatDoesNotComeAsksTheRowsAgain() throws Exception {
    try (FlowStage stage = parking()) {
      stage.rows.failed("a0", aggregate("a"));
      stage.rows.answerParking(new ParkAnswer.HeadUnderWay(), new ParkAnswer.HeadDone());
      stage.addPending("a1", "a");
      assertEquals(0, stage.underWay());
      assertEquals(List.of("a1 behind a0"), stage.rows.parked());

      stage.pass(STALE);
      assertEquals(List.of("a1"), stage.begun(1));
    }
  }

  /** Which the redrive has not seen, since it was written a moment before. */
  @Test
  void oneThatWaitsLetsAllPassThatWereRedrivenWithTheOneItWaitsFor() throws Exception {
    try (FlowStage stage = parking()) {
      stage.rows.failed("a0", aggregate("a"));
      stage.rows.answerParking(new ParkAnswer.HeadUnderWay(), new ParkAnswer.HeadUnderWay());
      stage.addPending("a2", "a");
      for (String id : List.of("a0", "a1")) {
        stage.rows.set(id, HeldRows.redriven(OutboxStatus.PENDING));
        stage.addRedriven(id, "a");
      }
      for (int call = 1; call <= 3; call++) {
        stage.succeed(call);
      }
      assertEquals(List.of("a0", "a1", "a2"), stage.begun(3));
    }
  }

  @Test
  void oneThatIsToBeParkedLetsTheRedrivenPassThatCameMeanwhile() throws Exception {
    try (FlowStage stage = parking()) {
      stage.rows.failed("a0", aggregate("a"));
      stage.addPending("a1", "a");
      stage.rows.set("a0", HeldRows.redriven(OutboxStatus.PENDING));
      stage.addRedriven("a0", "a");
      stage.rows.answerHeldParking(new ParkAnswer.HeadUnderWay());
      stage.flow.turn();
      stage.succeed(1);
      stage.succeed(2);
      assertEquals(List.of("a0", "a1"), stage.begun(2));
    }
  }

  @Test
  void whatIsUnderWayIsNotForgottenWhenPartitionsCome() throws Exception {
    try (FlowStage stage = parking()) {
      stage.rows.failed("a0", aggregate("a"));
      stage.rows.answerParking(new ParkAnswer.HeadUnderWay(), new ParkAnswer.HeadUnderWay());
      stage.addPending("a1", "a");
      stage.rows.redriven("a0");
      stage.flow.partitionsCame();
      stage.pass(STALE);
      assertEquals(0, stage.underWay());

      stage.rows.set("a0", HeldRows.redriven(OutboxStatus.PENDING));
      stage.addRedriven("a0", "a");
      stage.succeed(1);
      stage.succeed(2);
      assertEquals(List.of("a0", "a1"), stage.begun(2));
    }
  }

  /** The wait of an attempt that failed meanwhile is not that of the record. */
  @Test
  void oneThatNoLongerWaitsForARecordIsNotWokenForIt() throws Exception {
    try (FlowStage stage = parking()) {
      stage.rows.failed("a0", aggregate("a"));
      stage.rows.answerParking(new ParkAnswer.HeadUnderWay());
      stage.addPending("a1", "a");
      stage.rows.set("a0", HeldRows.redriven(OutboxStatus.PENDING));
      stage.addRedriven("a0", "a");
      stage.succeed(1);
      stage.pass(STALE.minus(WAIT));
      stage.fail(2);
      stage.pass(WAIT.dividedBy(4).multipliedBy(3));
      assertEquals(0, stage.underWay());
      assertEquals(2, stage.begun(2).size());

      stage.pass(WAIT);
      assertEquals(List.of("a0", "a1", "a1"), stage.begun(3));
    }
  }

  @Test
  void partitionsThatComeMayHaveEventsThatFailedElsewhere() {
    try (FlowStage stage = parking()) {
      stage.addPending("b1", "b");
      stage.rows.failed("a0", aggregate("a"));
      stage.flow.partitionsCame();
      stage.rows.answerParking(new ParkAnswer.Behind(Optional.of(HeldRows.parkedBehind("a0"))));
      stage.addPending("a1", "a");
      stage.flow.turn();

      assertEquals(List.of("a1 behind a0"), stage.rows.parked());
    }
  }

  @Test
  void oneThatIsNotParkedAfterAllGoesByItsRow() {
    try (FlowStage stage = parking()) {
      stage.rows.failed("a0", aggregate("a"));
      stage.rows.answerParking(
          new ParkAnswer.Behind(
              Optional.of(HeldRows.row(OutboxStatus.PUBLISHED, 0, Instant.now()))));
      TestPlace place = stage.addPending("a1", "a");
      stage.flow.turn();

      assertTrue(place.isFinished());
      assertEquals(1, stage.counters.skipped());
      assertEquals(0, stage.counters.parked());
    }
  }

  @Test
  void aFailedEventThatIsDeliveredAgainStillParksThoseBehindIt() {
    try (FlowStage stage = parking()) {
      stage.addPending("b1", "b");
      // By another's hand, since the shard was asked.
      stage.rows.set("a0", OutboxStatus.FAILED);
      stage.add("a0", "a");
      stage.rows.answerParking(new ParkAnswer.Behind(Optional.of(HeldRows.parkedBehind("a0"))));
      stage.addPending("a1", "a");
      stage.flow.turn();

      assertEquals(List.of("a1 behind a0"), stage.rows.parked());
    }
  }
}
