package io.sluice.handlers;

import io.sluice.handlers.api.InvalidSettingsException;
import io.sluice.handlers.internal.dispatch.HandlerKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.regex.Pattern;

/** Gathers what is wrong with a runtime's settings. Not thread-safe. */
final class SettingsProblems {

  // Kafka takes nearly any text as a group; this much is safe in metrics, paths and commands too.
  private static final Pattern GROUP_PREFIX = Pattern.compile("[A-Za-z0-9._-]{1,180}");

  private static final int MAX_TYPE_LENGTH = 255;

  private final List<String> problems = new ArrayList<>();

  SettingsProblems copy() {
    SettingsProblems copy = new SettingsProblems();
    copy.addAll(problems);
    return copy;
  }

  void add(String problem) {
    problems.add(problem);
  }

  void addAll(Collection<String> more) {
    problems.addAll(more);
  }

  void check(boolean holds, String problem) {
    if (!holds) {
      problems.add(problem);
    }
  }

  void checkType(HandlerKey key) {
    String type = key.eventType();
    check(
        !type.isBlank() && type.codePointCount(0, type.length()) <= MAX_TYPE_LENGTH,
        "a handler is registered for %s: event types have 1 to %d characters and are not blank"
            .formatted(key, MAX_TYPE_LENGTH));
  }

  void checkGroupPrefix(String prefix) {
    check(
        GROUP_PREFIX.matcher(prefix).matches(),
        "groupPrefix '%s' is not of the form %s: use a short name such as 'sluice.handlers.'"
            .formatted(prefix, GROUP_PREFIX));
  }

  void checkBackoff(Duration initial, Duration max) {
    checkPositive("initial retryBackoff", initial);
    check(
        max.compareTo(initial) >= 0,
        "max retryBackoff %s is shorter than the initial %s: make it as long or longer"
            .formatted(max, initial));
    checkNotTooLong("max retryBackoff", max);
  }

  void checkPositive(String setting, Duration value) {
    check(
        !value.isNegative() && !value.isZero(),
        "%s is %s: it must be longer than nothing".formatted(setting, value));
    checkNotTooLong(setting, value);
  }

  private void checkNotTooLong(String setting, Duration value) {
    check(
        value.compareTo(Duration.ofDays(1)) <= 0,
        "%s is %s: a day is the longest".formatted(setting, value));
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new InvalidSettingsException(problems);
    }
  }
}
