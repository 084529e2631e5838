package io.sluice.handlers.internal.process;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Events that a handler, a database or a broker works on, and since when. An event is added and
 * removed by its own moves from stage to stage. Owned by the domain's thread.
 */
final class OutstandingEvents {

  private final EventLoop loop;
  // In the order of their times.
  private final Map<InFlightEvent, Instant> since = new LinkedHashMap<>();
  private final Map<ShardId, Integer> perShard = new HashMap<>();
  private int calls;

  OutstandingEvents(EventLoop loop) {
    this.loop = loop;
  }

  /** An event has moved from one stage to another. */
  void moved(InFlightEvent event, Stage from, Stage to) {
    calls += (to == Stage.CALLED ? 1 : 0) - (from == Stage.CALLED ? 1 : 0);
    if (from.isOutstanding() == to.isOutstanding()) {
      return;
    }
    if (to.isOutstanding()) {
      since.put(event, loop.now());
      perShard.merge(event.shard(), 1, Integer::sum);
    } else {
      since.remove(event);
      perShard.computeIfPresent(event.shard(), (any, count) -> count == 1 ? null : count - 1);
    }
  }

  /** How many handlers run. */
  int calls() {
    return calls;
  }

  int of(ShardId shard) {
    return perShard.getOrDefault(shard, 0);
  }

  List<InFlightEvent> all() {
    return List.copyOf(since.keySet());
  }

  /** Those that are outstanding for so long or longer. */
  Collection<InFlightEvent> longerThan(Duration age) {
    Instant limit = loop.now().minus(age);
    return since.entrySet().stream()
        .takeWhile(each -> !each.getValue().isAfter(limit))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How long an event has been outstanding; nothing where it is not. */
  Duration age(InFlightEvent event) {
    Instant now = loop.now();
    return Duration.between(since.getOrDefault(event, now), now);
  }
}
