package io.sluice.handlers.internal.consume;

import java.util.BitSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A set of a partition's offsets, a bit for each where they are dense. Not thread-safe. */
final class OffsetSet {

  private static final int CHUNK_BITS = 12;
  private static final int IN_CHUNK = (1 << CHUNK_BITS) - 1;

  private final TreeMap<Long, BitSet> chunks = new TreeMap<>();

  void add(long offset) {
    chunks
        .computeIfAbsent(offset >> CHUNK_BITS, any -> new BitSet())
        .set((int) (offset & IN_CHUNK));
  }

  void remove(long offset) {
    chunks.computeIfPresent(
        offset >> CHUNK_BITS,
        (any, chunk) -> {
          chunk.clear((int) (offset & IN_CHUNK));
          return chunk.isEmpty() ? null : chunk;
        });
  }

  /** Removes those from one offset to before another that are not of these; tells how many. */
  long removeBetween(long from, long to, OffsetSet kept) {
    long removed = 0;
    OptionalLong next = firstFrom(from);
    while (next.isPresent() && next.getAsLong() < to) {
      long offset = next.getAsLong();
      if (!kept.contains(offset)) {
        remove(offset);
        removed++;
      }
      next = firstFrom(offset + 1);
    }
    return removed;
  }

  private OptionalLong firstFrom(long offset) {
    int from = (int) (offset & IN_CHUNK);
    for (Map.Entry<Long, BitSet> chunk : chunks.tailMap(offset >> CHUNK_BITS, true).entrySet()) {
      boolean isFirst = chunk.getKey() == offset >> CHUNK_BITS;
      int found = chunk.getValue().nextSetBit(isFirst ? from : 0);
      if (found >= 0) {
        return OptionalLong.of((chunk.getKey() << CHUNK_BITS) + found);
      }
    }
    return OptionalLong.empty();
  }

  void clear() {
    chunks.clear();
  }

  boolean contains(long offset) {
    BitSet chunk = chunks.get(offset >> CHUNK_BITS);
    return chunk != null && chunk.get((int) (offset & IN_CHUNK));
  }

  OptionalLong first() {
    return firstFrom(0);
  }
}
