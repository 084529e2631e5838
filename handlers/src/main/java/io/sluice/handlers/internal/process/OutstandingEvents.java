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
 * The events that a handler, a database or a broker is working on, with their start times. Updated
 * whenever an event changes its stage. Owned by the domain's thread.
 */
final class OutstandingEvents {

  private final EventLoop loop;
  // Ordered by start time.
  private final Map<InFlightEvent, Instant> since = new LinkedHashMap<>();
  private final Map<ShardId, Integer> perShard = new HashMap<>();
  private int calls;

  OutstandingEvents(EventLoop loop) {
    this.loop = loop;
  }

  /** Updates the counts after an event has changed its stage. */
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

  /** The number of running handlers. */
  int calls() {
    return calls;
  }

  int of(ShardId shard) {
    return perShard.getOrDefault(shard, 0);
  }

  List<InFlightEvent> all() {
    return List.copyOf(since.keySet());
  }

  /** The events that are outstanding for this duration or longer. */
  Collection<InFlightEvent> longerThan(Duration age) {
    Instant limit = loop.now().minus(age);
    return since.entrySet().stream()
        .takeWhile(each -> !each.getValue().isAfter(limit))
        .map(Map.Entry::getKey)
        .toList();
  }

  /** How long an event has been outstanding; zero if it is not. */
  Duration age(InFlightEvent event) {
    Instant now = loop.now();
    return Duration.between(since.getOrDefault(event, now), now);
  }
}
