package io.sluice.handlers.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.process.MissingRows.Verdict;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Which events without a row are skipped, and which wait. */
class MissingRowsTest {

  private static final Duration RETENTION = Duration.ofDays(7);
  private static final Duration PATIENCE = HandlerTimings.PRODUCTION.missingRow();
  private static final Duration HOUR = Duration.ofHours(1);
  private static final ShardId ONE = ShardId.of("shard-1");
  private static final ShardId TWO = ShardId.of("shard-2");

  private final SettableClock clock = new SettableClock();
  private final EventLoop loop = new EventLoop(clock, (any, failure) -> {});
  private final MissingRows missing =
      new MissingRows(
          new ProcessingSettings(
              EventDomain.CHAT,
              "g",
              4,
              100,
              100,
              WhileWaiting.HOLD,
              AfterFailure.CONTINUE,
              RETENTION,
              HandlerTimings.PRODUCTION),
          loop,
          new ProcessingMonitor(EventDomain.CHAT, clock));

  private InFlightEvent event(ShardId shard, Duration age) {
    return new InFlightEvent(
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id("a1")
            .shard(shard)
            .aggregate("room", "7")
            .payload("{}")
            .build(),
        TestRecord.writtenAt(clock.instant().minus(age)),
        new OutstandingEvents(loop));
  }

  private InFlightEvent old() {
    return event(ONE, RETENTION.plus(HOUR));
  }

  @Test
  void anOldEventIsSkippedWhereNoneWaits() {
    InFlightEvent elsewhere = event(TWO, HOUR);
    assertEquals(Verdict.WAITS, missing.judge(elsewhere));
    assertEquals(Verdict.CLEANED_UP, missing.judge(old()));
    assertEquals(1, missing.count());
  }

  /** As with data sources that are swapped for longer than rows are kept. */
  @Test
  void aWaitingEventIsNotSkippedWhenItHasBecomeOld() {
    InFlightEvent event = event(ONE, HOUR);
    assertEquals(Verdict.WAITS, missing.judge(event));
    clock.advance(RETENTION.multipliedBy(2));
    assertEquals(Verdict.WAITS, missing.judge(event));

    missing.found(event(ONE, HOUR));
    assertEquals(Verdict.GIVEN_UP, missing.judge(event));
  }

  @Test
  void anOldEventWaitsUntilALaterRowShowsThatTheDataSourceIsRight() {
    assertEquals(Verdict.WAITS, missing.judge(event(ONE, HOUR)));
    InFlightEvent old = old();
    assertEquals(Verdict.WAITS, missing.judge(old));
    missing.found(event(ONE, RETENTION.plus(HOUR.multipliedBy(2))));
    assertEquals(Verdict.WAITS, missing.judge(old), "the row is of an earlier event");

    missing.found(event(ONE, HOUR));
    assertEquals(Verdict.CLEANED_UP, missing.judge(old));
    assertEquals(Verdict.CLEANED_UP, missing.judge(old()));
  }

  @Test
  void eventsOfAnIncidentDoNotWaitOneAfterAnother() {
    assertEquals(Verdict.WAITS, missing.judge(event(ONE, HOUR)));
    missing.found(event(ONE, Duration.ZERO));
    for (int i = 0; i < 3; i++) {
      clock.advance(PATIENCE.dividedBy(2));
      assertEquals(i == 0 ? Verdict.WAITS : Verdict.GIVEN_UP, missing.judge(event(ONE, HOUR)));
    }
  }

  @Test
  void rowsOfOtherShardsProveNothing() {
    InFlightEvent event = event(ONE, HOUR);
    assertEquals(Verdict.WAITS, missing.judge(event));
    missing.judge(event(TWO, HOUR));
    missing.found(event(TWO, Duration.ZERO));
    clock.advance(PATIENCE);

    assertEquals(Verdict.WAITS, missing.judge(event));
    assertEquals(Verdict.GIVEN_UP, missing.judge(event(TWO, HOUR)));
  }

  @Test
  void anEventWhoseRowCameBackIsJudgedAnew() {
    InFlightEvent event = event(ONE, HOUR);
    assertEquals(Verdict.WAITS, missing.judge(event));
    missing.found(event);
    clock.advance(RETENTION);

    assertEquals(0, missing.count());
    assertEquals(Verdict.CLEANED_UP, missing.judge(event));
  }
}
