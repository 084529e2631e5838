package io.sluice.handlers.internal.consume;

import java.util.OptionalLong;

/**
 * Tracks which offset of a partition can be committed: the first unfinished one, because records
 * finish in any order. Owned by the consumer's thread.
 */
final class OffsetTracker {

  private static final long NONE = -1;

  private final OffsetSet unfinished = new OffsetSet();
  private long next = NONE;
  private long committed = NONE;

  /** Adds a record as unfinished. */
  void taken(long offset) {
    if (next == NONE) {
      // Consuming starts at the committed offset of the group.
      committed = offset;
    }
    unfinished.add(offset);
    next = Math.max(next, offset + 1);
  }

  /** Marks a record as finished. */
  void finished(long offset) {
    unfinished.remove(offset);
  }

  /** Whether this offset or a later one was read before. */
  boolean isUnexpected(long offset) {
    return offset < next;
  }

  /** Records that everything below this offset was read, including transaction markers. */
  void readUpTo(long offset) {
    if (next == NONE) {
      committed = offset;
    }
    next = Math.max(next, offset);
  }

  /** Returns the offset to commit; empty if it is not greater than the last committed one. */
  OptionalLong committable() {
    long offset = unfinished.first().orElse(next);
    return offset > committed ? OptionalLong.of(offset) : OptionalLong.empty();
  }

  /** Records that the brokers have stored this offset. */
  void committed(long offset) {
    committed = Math.max(committed, offset);
  }
}
