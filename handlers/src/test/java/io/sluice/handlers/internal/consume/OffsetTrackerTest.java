package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class OffsetTrackerTest {

  private final OffsetTracker tracker = new OffsetTracker();

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

  /** Brokers that have lost records assign their offsets to others. */
  @Test
  void noticesARecordOfAnOffsetThatWasRead() {
    tracker.taken(5);
    tracker.readUpTo(8);

    assertTrue(tracker.isUnexpected(7));
    assertFalse(tracker.isUnexpected(8));
  }
}
