package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.flow.PutOffReason;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A partition's records that were read and left in Kafka, until the partition is read again from
 * where those of the same reason begin. Of each record one bit is kept. Owned by the consumer's
 * thread.
 */
final class PutOffRecords {

  private final OffsetSet offsets = new OffsetSet();

  /** Where those of a reason begin, or further back. */
  private final Map<PutOffReason, Long> begins = new HashMap<>();

  /** Those of the records that are being taken in. */
  private final OffsetSet justLeft = new OffsetSet();

  private long position;
  private long readBefore;

  /** A record is left to be read again. */
  void add(PutOffReason reason, long offset) {
    offsets.add(offset);
    begins.merge(reason, offset, Math::min);
    if (offset >= position) {
      justLeft.add(offset);
    }
  }

  /** Whether a record was not read before, or was put off when it was. */
  boolean wants(long offset) {
    return offset >= readBefore || offsets.contains(offset);
  }

  /** A record is worked on, after all. */
  void taken(long offset) {
    offsets.remove(offset);
  }

  /** Before this everything was read, if what is read is what it was. */
  long position() {
    return position;
  }

  /** Whether what is read now was read before. */
  boolean isReadingAgain() {
    return position < readBefore;
  }

  /**
   * Where to read again, if reading is beyond that.
   *
   * @param end before which everything was read
   */
  OptionalLong readAgain(PutOffReason reason, long end) {
    Long begin = begins.remove(reason);
    if (begin == null) {
      return OptionalLong.empty();
    }
    readBefore = end;
    if (begin >= position) {
      return OptionalLong.empty();
    }
    position = begin;
    return OptionalLong.of(begin);
  }

  /**
   * Everything up to here was read, perhaps again.
   *
   * @return how many records are no longer there that were put off
   */
  long readUpTo(long next) {
    long gone = offsets.removeBetween(position, next, justLeft);
    justLeft.clear();
    position = next;
    if (position >= readBefore) {
      readBefore = 0;
    }
    return gone;
  }

  /** The first of all. */
  OptionalLong first() {
    return offsets.first();
  }
}
