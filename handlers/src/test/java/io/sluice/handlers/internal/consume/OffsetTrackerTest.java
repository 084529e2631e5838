package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.internal.flow.PutOffReason;
import io.sluice.outbox.ShardId;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  private final OffsetTracker tracker = new OffsetTracker();

  private static final PutOffReason ONE = PutOffReason.away(ShardId.of("one"));
  private static final PutOffReason TWO = PutOffReason.WAIT;

  /** Reads offsets from 0 on; those below {@code putOff} are put off, of each shard in turn. */
  private void read(long end, long putOff) {
    for (long offset = 0; offset < end; offset++) {
      tracker.taken(offset);
      if (offset < putOff) {
        tracker.putOff(offset % 2 == 0 ? ONE : TWO, offset);
      }
    }
    tracker.readUpTo(end);
  }

  @Test
  void commitsNoFurtherThanWhatWasPutOff() {
    read(3, 1);
    tracker.finished(1);
    tracker.finished(2);
    assertEquals(OptionalLong.empty(), tracker.committable());

    assertEquals(OptionalLong.of(0), tracker.readAgain(ONE));
    tracker.taken(0);
    tracker.finished(0);
    assertEquals(OptionalLong.of(3), tracker.committable());
  }

  @Test
  void wantsOnlyWhatWasPutOffWhenItIsReadAgain() {
    read(6, 4);
    assertTrue(tracker.wants(6));
    assertEquals(OptionalLong.of(1), tracker.readAgain(TWO));

    assertEquals(
        List.of(1L, 2L, 3L, 6L), LongStream.range(1, 7).filter(tracker::wants).boxed().toList());
    tracker.taken(1);
    assertFalse(tracker.wants(1));
  }

  @Test
  void isNotReadAgainFromFurtherBackThanItIsAnyway() {
    read(6, 4);
    assertEquals(OptionalLong.of(0), tracker.readAgain(ONE));
    assertEquals(OptionalLong.empty(), tracker.readAgain(TWO));
  }

  @Test
  void isNotReadAgainWhereNothingWasPutOff() {
    read(6, 0);
    assertEquals(OptionalLong.empty(), tracker.readAgain(ONE));
  }

  @Test
  void tellsWhatIsNotThereAnyMore() {
    read(6, 4);
    tracker.readAgain(ONE);
    tracker.taken(2);
    tracker.putOff(ONE, 2);
    assertEquals(2, tracker.readUpTo(3));
    assertEquals(1, tracker.readUpTo(6));
    // Only one is left, of whichever.
    assertEquals(OptionalLong.of(2), tracker.committable());
    assertEquals(OptionalLong.of(2), tracker.readAgain(ONE));
  }

  @Test
  void saysWhetherItIsReadAgain() {
    read(6, 2);
    assertFalse(tracker.isReadingAgain());
    tracker.readAgain(TWO);
    assertTrue(tracker.isReadingAgain());
    tracker.taken(1);
    tracker.readUpTo(5);
    assertTrue(tracker.isReadingAgain());
    tracker.readUpTo(6);
    assertFalse(tracker.isReadingAgain());
  }

  @Test
  void whatIsPutOffWhenItWasReadLongAgoIsNotGone() {
    read(6, 0);
    tracker.putOff(TWO, 1);
    assertEquals(0, tracker.readUpTo(8));
    assertEquals(OptionalLong.of(1), tracker.readAgain(TWO));
    assertFalse(tracker.wants(2));
  }

  @Test
  void whatIsPutOffOnceMoreIsNotGone() {
    read(6, 4);
    tracker.readAgain(ONE);
    tracker.taken(0);
    tracker.putOff(ONE, 0);
    assertEquals(0, tracker.readUpTo(1));
    assertEquals(OptionalLong.of(0), tracker.readAgain(ONE));
  }

  /** Brokers that have lost records give their offsets to others. */
  @Test
  void wantsEverythingOnceAllWasReadAgain() {
    read(6, 1);
    tracker.readAgain(ONE);
    tracker.taken(0);
    tracker.readUpTo(6);
    assertTrue(tracker.wants(3));
  }

  @Test
  void hasNothingToCommitAtFirst() {
    assertEquals(OptionalLong.empty(), tracker.committable());
  }

  @Test
  void stopsAtTheFirstUnfinishedOffset() {
    tracker.taken(4);
    tracker.taken(5);
    tracker.taken(6);
    tracker.taken(9);
    tracker.finished(4);
    tracker.finished(6);
    tracker.finished(9);

    assertEquals(OptionalLong.of(5), tracker.committable());
    tracker.finished(5);
    assertEquals(OptionalLong.of(10), tracker.committable());
  }

  @Test
  void passesTransactionMarkersOnceAllBeforeThemIsFinished() {
    tracker.taken(5);
    tracker.readUpTo(8);

    assertEquals(OptionalLong.empty(), tracker.committable());
    tracker.finished(5);
    assertEquals(OptionalLong.of(8), tracker.committable());
  }

  @Test
  void doesNotCommitTheSameAgain() {
    tracker.taken(5);
    tracker.finished(5);
    tracker.committed(6);

    assertEquals(OptionalLong.empty(), tracker.committable());
    tracker.taken(6);
    assertEquals(OptionalLong.empty(), tracker.committable());
    tracker.finished(6);
    assertEquals(OptionalLong.of(7), tracker.committable());
  }
}
