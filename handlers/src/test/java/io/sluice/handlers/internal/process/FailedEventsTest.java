package io.sluice.handlers.internal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Which failed events {@link Parking} knows. */
class FailedEventsTest {

  private static final ShardId SHARD = ShardId.of("shard-1");
  private static final AggregateKey ROOM = new AggregateKey(SHARD, "room", "7");

  private final HeldRows rows = new HeldRows();
  private final EventLoop loop = new EventLoop(new SettableClock(), (event, failure) -> {});
  private final Parking parking = parking(AfterFailure.PARK);

  private Parking parking(AfterFailure afterFailure) {
    return new Parking(
        new ProcessingSettings(
            EventDomain.CHAT,
            "g",
            4,
            100,
            100,
            WhileWaiting.HOLD,
            afterFailure,
            Duration.ofDays(7),
            HandlerTimings.PRODUCTION),
        rows,
        loop);
  }

  private void finished(String id, OutboxStatus status) {
    parking.finished(ROOM, id, HeldRows.row(status, 0, Instant.now()));
  }

  private void ask() {
    parking.ask(SHARD, aggregate -> false, () -> {});
    loop.runMessages();
  }

  @Test
  void remembersEachFailedEventOfAnAggregate() {
    finished("1", OutboxStatus.FAILED);
    finished("3", OutboxStatus.FAILED);

    assertEquals(Optional.of("1"), parking.failedBefore(ROOM, "5"));
    finished("1", OutboxStatus.PUBLISHED);
    assertEquals(Optional.of("3"), parking.failedBefore(ROOM, "5"));
    parking.released(ROOM, "3");
    assertEquals(Optional.empty(), parking.failedBefore(ROOM, "5"));
  }

  @Test
  void putsARedrivenEventBeforeThoseThatFailedAfterIt() {
    finished("1", OutboxStatus.FAILED);
    finished("3", OutboxStatus.FAILED);

    assertEquals(Optional.empty(), parking.failedBefore(ROOM, "1"));
    assertEquals(Optional.of("1"), parking.failedBefore(ROOM, "3"));
  }

  @Test
  void replacesWhatItKnowsByTheAnswerOfTheShard() {
    finished("1", OutboxStatus.FAILED);
    rows.failed("4", ROOM);
    ask();

    assertFalse(parking.isUnknown(SHARD));
    assertEquals(Optional.of("4"), parking.failedBefore(ROOM, "5"));
  }

  @Test
  void doesNotTakeAnAnswerFromBeforePartitionsCame() {
    rows.failed("4", ROOM);
    rows.silence(SHARD);
    ask();
    parking.partitionsCame();
    rows.answer(SHARD);
    loop.runMessages();
    assertTrue(parking.isUnknown(SHARD));

    ask();
    assertFalse(parking.isUnknown(SHARD), "it is asked again");
    rows.failed("1", ROOM);
    ask();
    assertEquals(Optional.of("4"), parking.failedBefore(ROOM, "5"), "once");
  }

  @Test
  void knowsNothingWhereLaterEventsContinue() {
    Parking off = parking(AfterFailure.CONTINUE);
    off.finished(ROOM, "1", HeldRows.row(OutboxStatus.FAILED, 0, Instant.now()));

    assertFalse(off.isUnknown(SHARD));
    assertEquals(Optional.empty(), off.failedBefore(ROOM, "5"));
  }
}
