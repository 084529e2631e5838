package io.sluice.relay.pipeline;

import io.sluice.outbox.ShardId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The statistics of every shard that this process has owned. Thread-safe. */
public final class RelayStatistics {

  private final Map<ShardId, ShardStatistics> byShard = new ConcurrentHashMap<>();

  /** The statistics of a shard, created at the first call. */
  public ShardStatistics of(ShardId shard) {
    return byShard.computeIfAbsent(shard, id -> new ShardStatistics());
  }

  /** The statistics of all shards. */
  public Map<ShardId, ShardStatistics> all() {
    return new TreeMap<>(byShard);
  }
}
