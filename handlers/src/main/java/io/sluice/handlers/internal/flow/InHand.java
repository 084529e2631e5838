package io.sluice.handlers.internal.flow;

import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that others have in hand, such as handlers and databases, whose answers are to be awaited.
 * Owned by the domain's thread.
 */
final class InHand {

  private final Map<Task, Instant> since = new LinkedHashMap<>();
  private final Map<ShardId, Integer> perShard = new HashMap<>();

  void add(Task task, Instant now) {
    if (since.putIfAbsent(task, now) == null) {
      perShard.merge(task.event().shard(), 1, Integer::sum);
    }
  }

  void remove(Task task) {
    if (since.remove(task) != null) {
      perShard.computeIfPresent(
          task.event().shard(), (any, count) -> count == 1 ? null : count - 1);
    }
  }

  /** Whether an event is in hand, and was at this time. */
  boolean isSince(Task task, Instant time) {
    Instant begin = since.get(task);
    return begin != null && !begin.isAfter(time);
  }

  int of(ShardId shard) {
    return perShard.getOrDefault(shard, 0);
  }

  Collection<Task> all() {
    return List.copyOf(since.keySet());
  }
}
