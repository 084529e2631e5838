package io.sluice.writer.testkit;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * The expectation of one field of an event.
 *
 * @param field name of the field, for messages
 * @param expected expected value, for messages
 * @param holds whether an event meets the expectation
 * @param actual the event's value, for messages
 */
record FieldCheck(
    String field,
    String expected,
    Predicate<WrittenEvent> holds,
    Function<WrittenEvent, String> actual) {

  static FieldCheck equal(String field, String expected, Function<WrittenEvent, String> actual) {
    return new FieldCheck(field, expected, event -> expected.equals(actual.apply(event)), actual);
  }

  Optional<String> difference(WrittenEvent event) {
    return holds.test(event)
        ? Optional.empty()
        : Optional.of("%s: expected %s but was %s".formatted(field, expected, actual.apply(event)));
  }

  String description() {
    return field + " " + expected;
  }
}
