package io.sluice.handlers.internal.flow;

import static io.sluice.handlers.internal.flow.FlowStage.STALE;
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

  @Test
  void partitionsThatComeMayHaveEventsThatFailedElsewhere() {
    try (FlowStage stage = parking()) {
      stage.addPending("b1", "b");
      stage.rows.failed("a0", aggregate("a"));
      stage.flow.partitionsCame();
      stage.rows.answerParking(new ParkAnswer.Behind(Optional.empty()));
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
      stage.rows.answerParking(new ParkAnswer.Behind(Optional.empty()));
      stage.addPending("a1", "a");
      stage.flow.turn();

      assertEquals(List.of("a1 behind a0"), stage.rows.parked());
    }
  }
}
