package io.sluice.relay.group;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The newest state of each partition, as last reported. Thread-safe. */
final class StateReports {

  /** Kafka takes 4,096 bytes unless its brokers are told otherwise. */
  private static final int LONGEST = 1_000;

  private final Map<Integer, String> states = new ConcurrentHashMap<>();

  void report(int partition, String state) {
    states.put(partition, state.length() > LONGEST ? state.substring(0, LONGEST) : state);
  }

  /** What an owner before us said is no longer true. */
  void begin(Set<Integer> partitions) {
    partitions.forEach(partition -> states.put(partition, ""));
  }

  /** One of each of these partitions. */
  Map<Integer, String> of(Set<Integer> partitions) {
    Map<Integer, String> found = new HashMap<>();
    partitions.forEach(partition -> found.put(partition, states.getOrDefault(partition, "")));
    return found;
  }
}
