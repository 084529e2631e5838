package io.sluice.handlers.internal.consume;

import io.sluice.outbox.ShardId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;

/**
 * A partition's records that were read and left in Kafka, since their shard does not answer, until
 * the partition is read again from the first of them. Owned by the consumer's thread.
 */
final class PutOffRecords {

  private final Map<ShardId, OffsetSet> offsets = new HashMap<>();
  // Whose records are being read again.
  private final Set<ShardId> returning = new HashSet<>();
  private long position;
  private long readBefore;

  /** A record is left to be read again. */
  void add(ShardId shard, long offset) {
    returning.remove(shard);
    offsets.computeIfAbsent(shard, any -> new OffsetSet()).add(offset);
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

  /**
   * Where to read again, if that is not what is being done already.
   *
   * @param end before which everything was read
   */
  OptionalLong readAgain(ShardId shard, long end) {
    OffsetSet putOff = offsets.get(shard);
    OptionalLong first = putOff == null ? OptionalLong.empty() : putOff.first();
    if (first.isEmpty()) {
      return first;
    }
    returning.add(shard);
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
    position = next;
    if (next < readBefore || returning.isEmpty()) {
      return 0;
    }
    long gone = 0;
    for (ShardId shard : returning) {
      OffsetSet left = offsets.remove(shard);
      gone += left == null ? 0 : left.size();
    }
    returning.clear();
    // From here on nothing is read twice, but where the brokers have lost what they had.
    readBefore = 0;
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
