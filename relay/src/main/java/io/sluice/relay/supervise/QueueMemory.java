package io.sluice.relay.supervise;

import io.sluice.relay.state.ShardDirectory;
import java.util.OptionalLong;

/**
 * The memory limit of the rows that one engine reads ahead. Thread-safe.
 *
 * @param configured the configured limit; empty to derive it from the heap
 * @param shards all shards that may be assigned to this relay
 */
public record QueueMemory(OptionalLong configured, ShardDirectory shards) {

  private static final int HEAP_PART = 4;
  private static final long MIN_BYTES = 1L << 20;
  private static final long MAX_BYTES = 16L << 20;

  /**
   * By default a quarter of the heap, divided by all configured shards, because all of them may be
   * assigned to this relay. The rows take as much again twice on their way to Kafka. Evaluated at
   * each start, because shards are added while the relay runs.
   */
  long bytes() {
    return configured.orElseGet(
        () -> {
          int count = Math.max(1, shards.configured().size());
          long share = Runtime.getRuntime().maxMemory() / HEAP_PART / count;
          return Math.max(MIN_BYTES, Math.min(MAX_BYTES, share));
        });
  }
}
