package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.outbox.ShardId;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The aggregate queues of all aggregates with in-flight events. Owned by the domain's thread. */
final class AggregateQueues {

  private final Map<ShardId, Map<AggregateKey, AggregateQueue>> queues = new HashMap<>();

  AggregateQueue getOrAdd(AggregateKey aggregate) {
    return queues
        .computeIfAbsent(aggregate.shard(), any -> new HashMap<>())
        .computeIfAbsent(aggregate, AggregateQueue::new);
  }

  @Nullable AggregateQueue get(AggregateKey aggregate) {
    return ofShard(aggregate.shard()).get(aggregate);
  }

  boolean has(AggregateKey aggregate) {
    return get(aggregate) != null;
  }

  void remove(AggregateQueue queue) {
    queues.computeIfPresent(
        queue.aggregate().shard(),
        (any, ofShard) -> {
          ofShard.remove(queue.aggregate(), queue);
          return ofShard.isEmpty() ? null : ofShard;
        });
  }

  boolean has(ShardId shard) {
    return count(shard) > 0;
  }

  int count(ShardId shard) {
    return ofShard(shard).size();
  }

  Collection<AggregateQueue> of(ShardId shard) {
    return List.copyOf(ofShard(shard).values());
  }

  private Map<AggregateKey, AggregateQueue> ofShard(ShardId shard) {
    return queues.getOrDefault(shard, Map.of());
  }

  Collection<AggregateQueue> all() {
    return queues.values().stream().flatMap(ofShard -> ofShard.values().stream()).toList();
  }

  int count() {
    return queues.values().stream().mapToInt(Map::size).sum();
  }
}
