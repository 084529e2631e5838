package io.sluice.handlers.internal.process;

import static io.sluice.handlers.internal.process.ProcessorFixture.AWAY;
import static io.sluice.handlers.internal.process.ProcessorFixture.HALF;
import static io.sluice.handlers.internal.process.ProcessorFixture.LONG;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Logged;
import io.sluice.handlers.api.WhileWaiting;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Events of a shard that is away or that has no data source. */
class AwayShardsTest {

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void eventsOfAShardThatIsAwayLeaveTheBufferToOthers() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      TestRecord there = fixture.addAway("a1", "a", HALF);
      fixture.addAway("a2", "a", HALF);
      fixture.rows.silence(AWAY);
      fixture.succeed(1);
      fixture.pass(SECOND);
      assertFalse(there.isFinished());
      assertEquals(HALF.length(), fixture.bytes(), "its outcome is being written");

      fixture.addAway("a3", "b", LONG);
      assertFalse(fixture.processor.isFull());
      fixture.addPending("c1", "c");
      assertEquals(List.of("a1", "c1"), fixture.begun(2));
      assertTrue(fixture.processor.load().oldest().isPresent());
    }
  }

  @Test
  void eventsThatWaitForTheirRowAreDeferredWhenTheirShardTurnsOutToBeAway() {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.hang(AWAY);
      fixture.addAway("a1", "a", HALF);
      fixture.addAway("a2", "b", HALF);
      assertTrue(fixture.processor.isFull());
      fixture.rows.notice(AWAY);
      fixture.pass(SECOND);
      assertEquals(0, fixture.bytes());
      assertEquals(0, fixture.rows.wantedReads(AWAY), "they are not read any more");
    }
  }

  @Test
  void eventsOfAShardThatAnswersAgainContinueInTheirOrder() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4);
        Logged logged = Logged.by(EventProcessor.class)) {
      fixture.rows.silence(AWAY);
      for (String id : List.of("a1", "a2", "a3")) {
        fixture.addAway(id, "a", LONG);
      }
      fixture.pass(SECOND);
      assertEquals(0, fixture.underWay());

      fixture.rows.answer(AWAY);
      fixture.pass(Duration.ZERO);
      for (int call = 1; call <= 3; call++) {
        fixture.succeed(call);
        fixture.pass(Duration.ZERO);
      }
      assertEquals(List.of("a1", "a2", "a3"), fixture.begun(3));
      assertEquals(
          List.of(
              "shard 'shard-away' does not answer: its events of domain CHAT are deferred until it"
                  + " does, and other shards continue",
              "shard 'shard-away' answers again: its events of domain CHAT continue"),
          logged.events().stream().map(line -> line.getFormattedMessage()).toList());
    }
  }

  /** The thread that runs the probe may have ended. */
  @Test
  void aShardThatIsAwayIsAskedAgainAndAgain() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.silence(AWAY);
      fixture.addAway("a1", "a", LONG);
      fixture.pass(SECOND);
      fixture.rows.forgetQuestions(AWAY);
      fixture.pass(MINUTE);
      fixture.rows.answer(AWAY);
      fixture.pass(Duration.ZERO);
      assertEquals(List.of("a1"), fixture.begun(1));
    }
  }

  @Test
  void outcomesOfAShardThatIsAwayAreAwaited() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      TestRecord called = fixture.addAway("a1", "a", "{}");
      fixture.begun(1);
      fixture.rows.silence(AWAY);
      fixture.succeed(1);
      fixture.pass(MINUTE);
      assertFalse(called.isFinished());

      fixture.rows.answer(AWAY);
      fixture.pass(Duration.ZERO);
      assertTrue(called.isFinished());
    }
  }

  @Test
  void noHandlerIsCalledForAShardThatIsAway() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.of(1)) {
      fixture.addPending("c1", "c");
      fixture.begun(1);
      fixture.addAway("a1", "a", "{}");
      fixture.rows.silence(AWAY);
      fixture.succeed(1);
      assertEquals(0, fixture.underWay());

      fixture.rows.answer(AWAY);
      fixture.pass(SECOND);
      assertEquals(List.of("c1", "a1"), fixture.begun(2));
    }
  }

  @Test
  void anAttemptThatIsDueWaitsForItsShard() throws Exception {
    try (ProcessorFixture fixture = ProcessorFixture.patient(WhileWaiting.HOLD)) {
      fixture.addAway("a1", "a", "{}");
      fixture.fail(1);
      fixture.rows.silence(AWAY);
      fixture.addAway("b1", "b", "{}");
      fixture.pass(MINUTE);
      assertEquals(0, fixture.underWay());

      fixture.rows.answer(AWAY);
      fixture.pass(Duration.ZERO);
      assertEquals(3, fixture.begun(3).size());
    }
  }

  @Test
  void eventsOfAnUnknownShardTakeNoRoom() {
    try (ProcessorFixture fixture = ProcessorFixture.of(4)) {
      fixture.rows.unknown(AWAY);
      TestRecord delivery = fixture.addAway("a1", "a", LONG);
      fixture.pass(MINUTE);
      assertFalse(fixture.processor.isFull());
      assertEquals(0, fixture.processor.load().events());
      assertTrue(fixture.processor.load().oldest().isPresent());
      assertFalse(delivery.isFinished());
    }
  }
}
