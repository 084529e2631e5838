package io.sluice.handlers.internal.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Logged;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.row.RowRequest.ParkAnswer;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Events that wait for a time, and the room they take. */
class PutOffWaitsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  /** Half of the buffer, and a little more. */
  private static final String HALF = "x".repeat(52);

  private static final Set<PutOffReason> WAIT = Set.of(PutOffReason.WAIT);

  private static FlowStage stage(WhileWaiting waiting) {
    return FlowStage.of(
        4,
        waiting,
        AfterFailure.CONTINUE,
        RetryPolicy.exponential(MINUTE, MINUTE).withJitter(0).withTimeout(MINUTE));
  }

  private static TestPlace pending(FlowStage stage, String id, String room, String payload) {
    stage.rows.set(id, OutboxStatus.PENDING);
    return stage.add(id, room, payload);
  }

  @Test
  void makeRoomForOthersWithThoseThatMustNotOvertakeThem() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD);
        Logged logged = Logged.by(EventFlow.class)) {
      TestPlace first = pending(stage, "a1", "a", "{}");
      stage.fail(1);
      TestPlace second = pending(stage, "a2", "a", HALF);
      TestPlace third = pending(stage, "a3", "a", HALF);
      assertTrue(stage.flow.isFull());

      stage.pass(SECOND);
      assertTrue(first.isPutOff() && second.isPutOff() && third.isPutOff());
      assertEquals(0, stage.flow.load().events());
      assertTrue(stage.flow.load().oldest().isPresent());
      assertTrue(pending(stage, "a4", "a", "{}").isPutOff());
      assertFalse(pending(stage, "c1", "c", "{}").isPutOff());
      assertEquals(List.of("a1", "c1"), stage.begun(2));
      assertTrue(
          logged.events().stream()
              .anyMatch(line -> line.getFormattedMessage().contains("1 aggregate(s) are left")));
    }
  }

  @Test
  void areTakenOnAgainWhenTheirTimeHasComeAndGoOnFromTheirRow() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      pending(stage, "a1", "a", "{}");
      stage.fail(1);
      pending(stage, "a2", "a", HALF);
      pending(stage, "a3", "a", HALF);
      stage.pass(SECOND);

      stage.pass(MINUTE.minus(SECOND.multipliedBy(2)));
      assertEquals(Set.of(), stage.flow.takeBack(false));
      stage.pass(SECOND);
      assertTrue(pending(stage, "a5", "a", "{}").isPutOff(), "those before it come first");
      assertEquals(WAIT, stage.flow.takeBack(false));
      assertFalse(stage.add("a1", "a").isPutOff());
      stage.add("a2", "a");
      stage.succeed(2);
      assertEquals(List.of("a1", "a1", "a2"), stage.begun(3));
      assertEquals(1, stage.counters.published());
    }
  }

  @Test
  void stayAsLongAsOthersHaveHalfOfTheRoom() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      TestPlace waits = pending(stage, "a1", "a", "x".repeat(30));
      stage.fail(1);
      pending(stage, "b1", "b", HALF);
      pending(stage, "c1", "c", HALF);
      assertTrue(stage.flow.isFull());
      stage.pass(SECOND);
      assertFalse(waits.isPutOff());
    }
  }

  @Test
  void stayIfTheirTimeIsNear() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      stage.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now().minus(MINUTE)));
      TestPlace soon = stage.add("a1", "a", "x".repeat(100));
      stage.rows.set("b1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now().minusSeconds(57)));
      TestPlace later = stage.add("b1", "b", "x".repeat(100));
      stage.pass(SECOND.multipliedBy(2));
      assertFalse(soon.isPutOff() || later.isPutOff());
    }
  }

  @Test
  void whichOthersMayPassArePutOffAlone() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.PASS)) {
      TestPlace first = pending(stage, "a1", "a", "x".repeat(100));
      stage.fail(1);
      stage.pass(SECOND);
      assertTrue(first.isPutOff());

      assertFalse(pending(stage, "a2", "a", "{}").isPutOff());
      assertTrue(stage.add("a1", "a").isPutOff());
      assertEquals(List.of("a1", "a2"), stage.begun(2));
    }
  }

  @Test
  void behindACallThatLastsArePutOffUntilTheNextLook() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      TestPlace called = pending(stage, "a1", "a", "{}");
      stage.begun(1);
      TestPlace behind = pending(stage, "a2", "a", "x".repeat(100));
      stage.pass(SECOND.multipliedBy(4));
      assertFalse(behind.isPutOff());
      stage.pass(SECOND);
      assertTrue(behind.isPutOff());
      assertFalse(called.isPutOff());

      stage.succeed(1);
      assertTrue(called.isFinished());
      assertEquals(Set.of(), stage.flow.takeBack(false));
      stage.pass(SECOND.multipliedBy(5));
      assertEquals(WAIT, stage.flow.takeBack(false));
      stage.add("a2", "a");
      assertEquals(List.of("a1", "a2"), stage.begun(2));
    }
  }

  private static FlowStage parking() {
    return FlowStage.of(4, WhileWaiting.HOLD, AfterFailure.PARK, RetryPolicy.DEFAULT);
  }

  /** The second of an aggregate, whose first has failed, is redriven and still to come. */
  private static void putOffBehindA1(FlowStage stage) {
    stage.rows.failed("a1", FlowStage.aggregate("a"));
    stage.rows.answerParking(new ParkAnswer.HeadUnderWay());
    TestPlace behind = pending(stage, "a2", "a", "x".repeat(100));
    stage.pass(SECOND);
    assertTrue(behind.isPutOff());
  }

  /** Otherwise the one that all others wait for would never come. */
  @Test
  void doNotKeepARedrivenEventThatComesBeforeThem() throws Exception {
    try (FlowStage stage = parking()) {
      putOffBehindA1(stage);
      stage.rows.set("a3", HeldRows.redriven(OutboxStatus.PENDING));
      assertTrue(stage.addRedriven("a3", "a").isPutOff(), "it was written after what was put off");
      stage.rows.set("a1", HeldRows.redriven(OutboxStatus.PENDING));
      assertFalse(stage.addRedriven("a1", "a").isPutOff());
      assertEquals(List.of("a1"), stage.begun(1));
    }
  }

  /** What is known of a shard's failed events is asked anew where partitions come. */
  @Test
  void areNotForgottenToBeBehindAnother() throws Exception {
    try (FlowStage stage = parking()) {
      putOffBehindA1(stage);
      stage.rows.redriven("a1");
      stage.flow.partitionsCame();
      pending(stage, "c1", "c", "{}");
      assertEquals(List.of("c1"), stage.begun(1));
      stage.pass(SECOND.multipliedBy(5));
      assertEquals(WAIT, stage.flow.takeBack(false));
      stage.add("a2", "a");
      assertEquals(List.of("a2 behind a1", "a2 behind a1"), stage.rows.parked());
      assertEquals(List.of("c1"), stage.begun(1));
    }
  }

  /** What is counted of an event that breaks its connections is known nowhere else. */
  @Test
  void whoseHandlerIsInDoubtStay() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      TestPlace first = pending(stage, "a1", "a", "{}");
      stage.fail(1);
      Objects.requireNonNull(stage.tasks.get("a1")).countDoubt();
      TestPlace second = pending(stage, "a2", "a", "x".repeat(100));
      stage.pass(SECOND);
      assertFalse(first.isPutOff());
      assertTrue(second.isPutOff());
    }
  }

  @Test
  void areReadAgainForHalfOfTheTimeAtMost() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      putOffBothForAMinute(stage);
      stage.pass(MINUTE);
      assertEquals(WAIT, stage.flow.takeBack(false));
      putOffBothForAMinute(stage);

      stage.pass(MINUTE);
      assertEquals(Set.of(), stage.flow.takeBack(true), "the reading before has not ended");
      assertEquals(Set.of(), stage.flow.takeBack(false), "it took a minute and a second");
      stage.pass(MINUTE);
      assertEquals(Set.of(), stage.flow.takeBack(false));
      stage.pass(SECOND);
      assertEquals(WAIT, stage.flow.takeBack(false));
    }
  }

  private static void putOffBothForAMinute(FlowStage stage) {
    stage.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now()));
    stage.rows.set("b1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now()));
    TestPlace first = stage.add("a1", "a", HALF);
    TestPlace second = stage.add("b1", "b", HALF);
    stage.pass(SECOND);
    assertTrue(first.isPutOff() && second.isPutOff());
  }

  @Test
  void whoseTimeHasNotComeStayWhenOthersAreReadAgain() throws Exception {
    try (FlowStage stage = stage(WhileWaiting.HOLD)) {
      stage.rows.set("a1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now().minusSeconds(30)));
      stage.rows.set("b1", HeldRows.row(OutboxStatus.RETRY, 1, Instant.now()));
      stage.add("a1", "a", HALF);
      stage.add("b1", "b", HALF);
      stage.pass(SECOND);
      stage.pass(SECOND.multipliedBy(30));

      assertEquals(WAIT, stage.flow.takeBack(false));
      assertTrue(stage.add("b1", "b").isPutOff());
      assertFalse(stage.add("a1", "a").isPutOff());
      assertEquals(List.of("a1"), stage.begun(1));
    }
  }
}
