package io.sluice.writer.testkit;

import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What is expected of one field of an event.
 *
 * @param field its name in messages
 * @param expected its value in messages
 * @param holds whether an event has it
 * @param actual what an event has instead, in messages
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
