package io.sluice.relay.fault;

import io.sluice.outbox.OutboxEvent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The events that a test has committed, by aggregate and in the order of the commits. The topics
 * must contain exactly these. Guarded by its monitor.
 */
final class Committed {

  private final Map<String, List<String>> ids = new TreeMap<>();
  private int count;

  /** Adds events whose transaction is known to be committed. */
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
