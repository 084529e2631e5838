package io.sluice.relay.pipeline;

import io.sluice.outbox.ShardId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/** The statistics of every source this process has ever owned. Thread-safe. */
public final class RelayStatistics {

  private final Map<ShardId, ShardStatistics> bySource = new ConcurrentHashMap<>();

  /** Those of a source; they begin when first asked for. */
  public ShardStatistics of(ShardId source) {
    return bySource.computeIfAbsent(source, id -> new ShardStatistics());
  }

  /** All of them. */
  public Map<ShardId, ShardStatistics> all() {
    return new TreeMap<>(bySource);
  }
}
