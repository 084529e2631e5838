package io.sluice.handlers.internal.consume;

import java.util.BitSet;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/** A set of offsets of a partition. Dense ranges take one bit for each offset. Not thread-safe. */
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

  boolean contains(long offset) {
    BitSet chunk = chunks.get(offset >> CHUNK_BITS);
    return chunk != null && chunk.get((int) (offset & IN_CHUNK));
  }

  OptionalLong first() {
    Map.Entry<Long, BitSet> chunk = chunks.firstEntry();
    return chunk == null
        ? OptionalLong.empty()
        : OptionalLong.of((chunk.getKey() << CHUNK_BITS) + chunk.getValue().nextSetBit(0));
  }
}
