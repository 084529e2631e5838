package io.sluice.relay.ops;

import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.shard.ShardState;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A relay with the state that a test sets. */
final class SeenRelay implements ObservedRelay {

  final Map<ShardId, ShardState> states = new TreeMap<>();
  final Map<ShardId, ShardState> unowned = new TreeMap<>();
  final RelayStatistics statistics = new RelayStatistics();
  final CompletableFuture<String> end = new CompletableFuture<>();
  int leftovers;
  boolean joined;

  @Override
  public Map<ShardId, ShardState> states() {
    return new TreeMap<>(states);
  }

  @Override
  public Map<ShardId, ShardState> unowned() {
    return unowned;
  }

  @Override
  public RelayStatistics statistics() {
    return statistics;
  }

  @Override
  public int leakedThreads() {
    return leftovers;
  }

  @Override
  public boolean hasJoined() {
    return joined;
  }

  @Override
  public CompletableFuture<String> end() {
    return end;
  }
}
