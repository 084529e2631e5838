package io.sluice.writer.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A maximum matching of expectations and events. An expectation that several events meet does not
 * take the only event that meets a stricter one.
 */
final class Pairing {

  private final List<ExpectedEvent> expected;
  private final List<WrittenEvent> written;
  private final Map<Integer, Integer> expectationOfEvent = new HashMap<>();

  private Pairing(List<ExpectedEvent> expected, List<WrittenEvent> written) {
    this.expected = expected;
    this.written = written;
  }

  static Pairing of(List<ExpectedEvent> expected, List<WrittenEvent> written) {
    Pairing pairing = new Pairing(expected, written);
    for (int expectation = 0; expectation < expected.size(); expectation++) {
      pairing.place(expectation, new HashSet<>());
    }
    return pairing;
  }

  // Kuhn's algorithm: takes an event from another expectation if that one can have another event.
  private boolean place(int expectation, Set<Integer> tried) {
    for (int event = 0; event < written.size(); event++) {
      if (expected.get(expectation).matches(written.get(event)) && tried.add(event)) {
        Integer holder = expectationOfEvent.get(event);
        if (holder == null || place(holder, tried)) {
          expectationOfEvent.put(event, expectation);
          return true;
        }
      }
    }
    return false;
  }

  List<ExpectedEvent> unmet() {
    List<ExpectedEvent> unmet = new ArrayList<>();
    for (int expectation = 0; expectation < expected.size(); expectation++) {
      if (!expectationOfEvent.containsValue(expectation)) {
        unmet.add(expected.get(expectation));
      }
    }
    return unmet;
  }

  List<WrittenEvent> unexpected() {
    List<WrittenEvent> unexpected = new ArrayList<>();
    for (int event = 0; event < written.size(); event++) {
      if (!expectationOfEvent.containsKey(event)) {
        unexpected.add(written.get(event));
      }
    }
    return unexpected;
  }
}
