package io.sluice.handlers.internal.process;

import io.sluice.outbox.ShardId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that a handler, a database or a broker works on, and since when. Owned by the domain's
 * thread.
 */
final class OutstandingEvents {

  // In the order of their times.
  private final Map<InFlightEvent, Instant> since = new LinkedHashMap<>();
  private final Map<ShardId, Integer> perShard = new HashMap<>();

  void add(InFlightEvent event, Instant now) {
    if (since.putIfAbsent(event, now) == null) {
      perShard.merge(event.shard(), 1, Integer::sum);
    }
  }

  void remove(InFlightEvent event) {
    if (since.remove(event) != null) {
      perShard.computeIfPresent(event.shard(), (any, count) -> count == 1 ? null : count - 1);
    }
  }

  int of(ShardId shard) {
    return perShard.getOrDefault(shard, 0);
  }

  Collection<InFlightEvent> all() {
    return List.copyOf(since.keySet());
  }

  /** Those that are outstanding since this time or longer. */
  Collection<InFlightEvent> since(Instant time) {
    List<InFlightEvent> found = new ArrayList<>();
    for (Map.Entry<InFlightEvent, Instant> each : since.entrySet()) {
      if (each.getValue().isAfter(time)) {
        return found;
      }
      found.add(each.getKey());
    }
    return found;
  }
}
