package io.sluice.handlers.internal.consume;

import io.sluice.handlers.internal.flow.PutOffReason;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/**
 * A partition's records that were read and left in Kafka, until the partition is read again from
 * the first that were left for the same reason. Owned by the consumer's thread.
 */
final class PutOffRecords {

  private final Map<PutOffReason, OffsetSet> offsets = new HashMap<>();

  /** Those of the records that are being taken in. */
  private final OffsetSet justLeft = new OffsetSet();

  private long position;
  private long readBefore;

  /** A record is left to be read again. */
  void add(PutOffReason reason, long offset) {
    offsets.computeIfAbsent(reason, any -> new OffsetSet()).add(offset);
    if (offset >= position) {
      justLeft.add(offset);
    }
  }

  /** Whether a record was not read before, or was put off when it was. */
  boolean wants(long offset) {
    return offset >= readBefore
        || offsets.values().stream().anyMatch(putOff -> putOff.contains(offset));
  }

  /** A record is worked on, after all. */
  void taken(long offset) {
    offsets.values().forEach(putOff -> putOff.remove(offset));
  }

  /** Whether what is read now was read before. */
  boolean isReadingAgain() {
    return position < readBefore;
  }

  /**
   * Where to read again, if that is not what is being done already.
   *
   * @param end before which everything was read
   */
  OptionalLong readAgain(PutOffReason reason, long end) {
    OffsetSet putOff = offsets.get(reason);
    OptionalLong first = putOff == null ? OptionalLong.empty() : putOff.first();
    if (first.isEmpty()) {
      return first;
    }
    readBefore = end;
    if (first.getAsLong() >= position) {
      return OptionalLong.empty();
    }
    position = first.getAsLong();
    return first;
  }

  /**
   * Everything up to here was read, perhaps again.
   *
   * @return how many records are no longer there that were put off
   */
  long readUpTo(long next) {
    long gone = 0;
    for (OffsetSet putOff : offsets.values()) {
      gone += putOff.removeBetween(position, next, justLeft);
    }
    offsets.values().removeIf(OffsetSet::isEmpty);
    justLeft.clear();
    position = next;
    if (position >= readBefore) {
      // From here on nothing is read twice, but where the brokers have lost what they had.
      readBefore = 0;
    }
    return gone;
  }

  /** The first of all. */
  OptionalLong first() {
    return offsets.values().stream()
        .map(OffsetSet::first)
        .flatMapToLong(OptionalLong::stream)
        .min();
  }
}
