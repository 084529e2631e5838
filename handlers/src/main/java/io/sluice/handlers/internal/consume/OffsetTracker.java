package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.flow.PutOffReason;
import java.util.NavigableSet;
import java.util.OptionalLong;
import java.util.TreeSet;

/**
 * How far a partition may be committed: to the first offset that is not finished, in whatever order
 * the others were. Owned by the consumer's thread.
 */
final class OffsetTracker {

  private static final long NONE = -1;

  private final NavigableSet<Long> unfinished = new TreeSet<>();
  private final PutOffRecords putOff = new PutOffRecords();
  private long next = NONE;
  private long committed = NONE;

  /** A record was handed over for work. */
  void taken(long offset) {
    if (next == NONE) {
      // Where reading began is where the group stands already.
      committed = offset;
    }
    unfinished.add(offset);
    putOff.taken(offset);
    next = Math.max(next, offset + 1);
  }

  /** A record needs no more work. */
  void finished(long offset) {
    unfinished.remove(offset);
  }

  /** A record that was handed over is to be read and handed over again. */
  void putOff(PutOffReason reason, long offset) {
    unfinished.remove(offset);
    putOff.add(reason, offset);
  }

  /** Whether a record is to be handed over: not, where it was read before and not put off. */
  boolean wants(long offset) {
    return putOff.wants(offset);
  }

  /** Where to read again for what was put off for a reason, if reading is beyond that. */
  OptionalLong readAgain(PutOffReason reason) {
    return putOff.readAgain(reason, next);
  }

  /** Whether a record comes of which everything behind it was read, and nobody has gone back. */
  boolean isUnexpected(long offset) {
    return offset < putOff.position();
  }

  /** Whether what is read now was read before. */
  boolean isReadingAgain() {
    return putOff.isReadingAgain();
  }

  /**
   * Everything below this offset was read, transaction markers included.
   *
   * @return how many records were put off and are no longer there
   */
  long readUpTo(long offset) {
    next = Math.max(next, offset);
    return putOff.readUpTo(offset);
  }

  /** The offset to commit, where it is further than the last one committed. */
  OptionalLong committable() {
    long offset =
        Math.min(putOff.first().orElse(next), unfinished.isEmpty() ? next : unfinished.first());
    return offset > committed ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  /** The brokers have stored this offset. */
  void committed(long offset) {
    committed = Math.max(committed, offset);
  }
}
