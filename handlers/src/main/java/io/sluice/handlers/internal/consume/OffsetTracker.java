package io.sluice.handlers.internal.consume;

import java.util.OptionalLong;

/**
 * How far a partition may be committed: to the first offset that is not finished, in whatever order
 * the others were. Owned by the consumer's thread.
 */
final class OffsetTracker {

  private static final long NONE = -1;

  private final OffsetSet unfinished = new OffsetSet();
  private long next = NONE;
  private long committed = NONE;

  /** A record was handed over for work. */
  void taken(long offset) {
    if (next == NONE) {
      // Where reading began is where the group stands already.
      committed = offset;
    }
    unfinished.add(offset);
    next = Math.max(next, offset + 1);
  }

  /** A record needs no more work. */
  void finished(long offset) {
    unfinished.remove(offset);
  }

  /** Whether a record comes although everything up to it was read. */
  boolean isUnexpected(long offset) {
    return offset < next;
  }

  /** Everything below this offset was read, transaction markers included. */
  void readUpTo(long offset) {
    next = Math.max(next, offset);
  }

  /** The offset to commit, where it is further than the last one committed. */
  OptionalLong committable() {
    long offset = unfinished.first().orElse(next);
    return offset > committed ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  /** The brokers have stored this offset. */
  void committed(long offset) {
    committed = Math.max(committed, offset);
  }
}
