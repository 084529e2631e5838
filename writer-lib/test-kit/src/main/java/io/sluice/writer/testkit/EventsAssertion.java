package io.sluice.writer.testkit;

import java.util.ArrayList;
import java.util.List;

/**
 * Compares the written events with those that a test expects. The {@link AssertionError} names each
 * field that differs with both values, including payloads and headers. Immutable.
 */
public final class EventsAssertion {

  private final String subject;
  private final List<WrittenEvent> written;

  EventsAssertion(String subject, List<WrittenEvent> written) {
    this.subject = subject;
    this.written = List.copyOf(written);
  }

  /** Asserts that exactly these events were written, in this order. */
  public void wroteExactly(ExpectedEvent... events) {
    List<ExpectedEvent> expected = List.of(events);
    List<String> problems = new ArrayList<>();
    for (int i = 0; i < Math.max(expected.size(), written.size()); i++) {
      String place = "event %d: ".formatted(i + 1);
      if (i >= expected.size()) {
        problems.add(place + unexpected(written.get(i)));
      } else if (i >= written.size()) {
        problems.add(place + missing(expected.get(i)));
      } else {
        expected.get(i).differences(written.get(i)).forEach(text -> problems.add(place + text));
      }
    }
    failIfAny(problems);
  }

  /** Asserts that exactly these events were written, in any order. */
  public void wroteInAnyOrder(ExpectedEvent... events) {
    Pairing pairing = Pairing.of(List.of(events), written);
    List<String> problems = new ArrayList<>();
    pairing.unmet().forEach(event -> problems.add(missing(event)));
    pairing.unexpected().forEach(event -> problems.add(unexpected(event)));
    failIfAny(problems);
  }

  /** Asserts that no event was written. */
  public void wroteNothing() {
    wroteExactly();
  }

  private static String missing(ExpectedEvent event) {
    return "expected, but not written: " + event.description();
  }

  private static String unexpected(WrittenEvent event) {
    return "written, but not expected: " + event.description();
  }

  private void failIfAny(List<String> problems) {
    if (!problems.isEmpty()) {
      throw new AssertionError(
          "%s wrote %d event(s), not what was expected:%n  %s"
              .formatted(
                  subject, written.size(), String.join(System.lineSeparator() + "  ", problems)));
    }
  }
}
