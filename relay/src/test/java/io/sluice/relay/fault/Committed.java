package io.sluice.relay.fault;

import io.sluice.outbox.OutboxEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a test has committed, aggregate by aggregate in the order of the commits: what topics must
 * hold, and nothing else. Thread-safe by its monitor.
 */
final class Committed {

  private final Map<String, List<String>> ids = new TreeMap<>();
  private int count;

  /** Notes events whose transaction is certain to be committed. */
  synchronized void add(List<OutboxEvent> events) {
    for (OutboxEvent event : events) {
      ids.computeIfAbsent(event.aggregateId(), aggregate -> new ArrayList<>())
          .add(event.id().toString());
    }
    count += events.size();
  }

  synchronized int count() {
    return count;
  }

  synchronized Map<String, List<String>> byAggregate() {
    Map<String, List<String>> copy = new TreeMap<>();
    ids.forEach((aggregate, events) -> copy.put(aggregate, List.copyOf(events)));
    return copy;
  }
}
