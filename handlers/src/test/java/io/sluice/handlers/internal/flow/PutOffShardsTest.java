package io.sluice.handlers.internal.flow;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Events of shards that do not answer, and the room they take. */
class PutOffShardsTest {

  private static final ShardId AWAY = ShardId.of("shard-away");

  /** Longer than it takes to look, and to ask a shard again. */
  private static final Duration LATER = Duration.ofSeconds(6);

  /** Fills the buffer. */
  private static final String LONG = "x".repeat(100);

  private static TestPlace addAway(FlowStage stage, String id, String room, String payload) {
    stage.rows.set(id, OutboxStatus.PENDING);
    return stage.add(AWAY, id, room, payload);
  }

  /** The shard is away, its only event put off, and it has been asked whether it is back. */
  private static void putOffA1AndAsk(FlowStage stage) {
    stage.rows.silence(AWAY);
    TestPlace place = addAway(stage, "a1", "a", LONG);
    stage.pass(LATER);
    stage.pass(LATER);
    assertTrue(place.isPutOff());
  }

  @Test
  void makeRoomForOthersWhenTheBufferIsFull() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.silence(AWAY);
      TestPlace first = addAway(stage, "a1", "a", LONG);
      TestPlace second = addAway(stage, "a2", "a", LONG);
      stage.pass(LATER);
      assertFalse(stage.flow.isFull());
      assertTrue(first.isPutOff() && second.isPutOff());

      TestPlace third = addAway(stage, "a3", "b", LONG);
      assertTrue(third.isPutOff());
      stage.addPending("c1", "c");
      assertEquals(List.of("c1"), stage.begun(1));
      assertEquals(1, stage.flow.load().events());
      assertTrue(stage.flow.load().oldest().isPresent());
    }
  }

  @Test
  void stayWhereThereIsRoom() {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.silence(AWAY);
      TestPlace place = addAway(stage, "a1", "a", "{}");
      stage.pass(LATER);
      assertFalse(place.isPutOff());
    }
  }

  @Test
  void ofShardsThatAnswerStayInAFullBuffer() {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.silence(AWAY);
      addAway(stage, "a1", "a", "{}");
      stage.rows.set("c1", OutboxStatus.PENDING);
      TestPlace other = stage.add("c1", "c", LONG);
      stage.pass(LATER);
      assertFalse(other.isPutOff());
      assertTrue(stage.flow.isFull());
    }
  }

  @Test
  void areTakenOnAgainOnceTheirShardAnswersAndIsReadAgain() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      putOffA1AndAsk(stage);
      assertEquals(Set.of(), stage.flow.takeBack(false));

      stage.rows.answer(AWAY);
      stage.pass(Duration.ZERO);
      TestPlace early = addAway(stage, "a2", "a", "{}");
      assertTrue(early.isPutOff(), "those before it have not been read again yet");

      assertEquals(Set.of(PutOffReason.away(AWAY)), stage.flow.takeBack(false));
      assertEquals(Set.of(), stage.flow.takeBack(false));
      addAway(stage, "a1", "a", LONG);
      assertEquals(List.of("a1"), stage.begun(1));
    }
  }

  @Test
  void areNotReadAgainWhileAnotherReadingIsUnderWay() {
    try (FlowStage stage = FlowStage.of(4)) {
      putOffA1AndAsk(stage);
      stage.rows.answer(AWAY);
      stage.pass(Duration.ZERO);

      assertEquals(Set.of(), stage.flow.takeBack(true));
      assertTrue(addAway(stage, "a2", "a", "{}").isPutOff());
      assertEquals(Set.of(PutOffReason.away(AWAY)), stage.flow.takeBack(false));
    }
  }

  /** A desk may come to an end with what it was asked. */
  @Test
  void areAskedForAgainAndAgain() {
    try (FlowStage stage = FlowStage.of(4)) {
      putOffA1AndAsk(stage);
      stage.rows.forgetQuestions(AWAY);
      stage.pass(Duration.ofMinutes(1));
      stage.rows.answer(AWAY);
      stage.pass(Duration.ZERO);
      assertEquals(Set.of(PutOffReason.away(AWAY)), stage.flow.takeBack(false));

      stage.pass(Duration.ofMinutes(2));
      assertEquals(Set.of(), stage.flow.takeBack(false));
    }
  }

  @Test
  void whoseOutcomesAreBeingWrittenStay() throws Exception {
    try (FlowStage stage = FlowStage.of(4)) {
      TestPlace called = addAway(stage, "a1", "a", LONG);
      stage.begun(1);
      TestPlace next = addAway(stage, "a2", "a", LONG);
      stage.rows.silence(AWAY);
      stage.pass(Duration.ofSeconds(2));
      assertFalse(called.isPutOff());
      assertTrue(next.isPutOff());

      stage.succeed(1);
      assertFalse(called.isFinished());
      stage.rows.answer(AWAY);
      stage.pass(Duration.ZERO);
      assertTrue(called.isFinished());
    }
  }

  @Test
  void whoseHandlerIsInDoubtStay() {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.silence(AWAY);
      TestPlace place = addAway(stage, "a1", "a", "{}");
      Objects.requireNonNull(stage.tasks.get("a1")).countDoubt();
      TestPlace next = addAway(stage, "a2", "a", LONG);
      stage.pass(LATER);
      assertFalse(place.isPutOff());
      assertTrue(next.isPutOff());
    }
  }

  @Test
  void whoseShardIsUnknownMakeRoomToo() {
    try (FlowStage stage = FlowStage.of(4)) {
      stage.rows.unknown(AWAY);
      TestPlace place = addAway(stage, "a1", "a", LONG);
      stage.pass(LATER);
      assertTrue(place.isPutOff());
      stage.pass(LATER);
      assertEquals(Set.of(), stage.flow.takeBack(false));
    }
  }

  @Test
  void areNotHandledWhileTheirShardIsAway() throws Exception {
    try (FlowStage stage = FlowStage.of(1)) {
      stage.addPending("c1", "c");
      stage.begun(1);
      addAway(stage, "a1", "a", "{}");
      stage.rows.silence(AWAY);
      stage.succeed(1);
      assertEquals(0, stage.underWay());

      stage.rows.answer(AWAY);
      stage.pass(LATER);
      assertEquals(List.of("c1", "a1"), stage.begun(2));
    }
  }
}
