package io.sluice.relay.group;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The last reported state of each partition. Thread-safe. */
final class StateReports {

  /** Brokers accept 4,096 bytes unless {@code offset.metadata.max.bytes} is lowered. */
  private static final int MAX_LENGTH = 1_000;

  private final Map<Integer, String> states = new ConcurrentHashMap<>();

  void report(int partition, String state) {
    states.put(partition, state.length() > MAX_LENGTH ? state.substring(0, MAX_LENGTH) : state);
  }

  /** Replaces the reports of a former owner. */
  void clear(Set<Integer> partitions) {
    partitions.forEach(partition -> states.put(partition, ""));
  }

  /** The state of each of these partitions, empty if none was reported. */
  Map<Integer, String> of(Set<Integer> partitions) {
    Map<Integer, String> found = new HashMap<>();
    partitions.forEach(partition -> found.put(partition, states.getOrDefault(partition, "")));
    return found;
  }
}
