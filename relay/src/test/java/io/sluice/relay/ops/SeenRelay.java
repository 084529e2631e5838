package io.sluice.relay.ops;

import io.sluice.outbox.ShardId;
import io.sluice.relay.stats.AllStatistics;
import io.sluice.relay.supervise.ShardState;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;

/** A relay that is whatever a test says. */
final class SeenRelay implements ObservedRelay {

  final Map<ShardId, ShardState> states = new TreeMap<>();
  final AllStatistics statistics = new AllStatistics();
  final CompletableFuture<String> end = new CompletableFuture<>();
  int leftovers;
  boolean joined;

  @Override
  public Map<ShardId, ShardState> states() {
    return new TreeMap<>(states);
  }

  @Override
  public AllStatistics statistics() {
    return statistics;
  }

  @Override
  public int leftovers() {
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
