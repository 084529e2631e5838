package io.sluice.handlers.api;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * When an event whose handler has failed is tried again, when it is not, and how long an attempt
 * may take. How often is the event's own, on its row. Immutable.
 *
 * <pre>{@code
 * RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofMinutes(10))
 *     .withTimeout(Duration.ofSeconds(30))
 *     .withFinal(AccountClosedException.class)
 * }</pre>
 *
 * @param initial the longest wait after the first failure; positive, at most a day
 * @param max the longest wait of all; not shorter than {@code initial}, at most a day
 * @param jitter the part of each wait that is left to chance, so that many who failed together do
 *     not return together: from 0 for none to 1
 * @param timeout how long an attempt may take; positive, at most a day
 * @param finalFailures exceptions, subclasses included, after which no attempt is made any more,
 *     whatever is left of the event's retries
 */
public record RetryPolicy(
    Duration initial,
    Duration max,
    double jitter,
    Duration timeout,
    Set<Class<? extends Throwable>> finalFailures) {

  // Before the default, which is checked with it.
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * From one second to one minute, half of it by chance, five minutes for an attempt; a payload
   * that cannot be read is final.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          0.5,
          Duration.ofMinutes(5),
          Set.of(UnreadablePayloadException.class));

  /**
   * All of a policy.
   *
   * @throws IllegalArgumentException if a value is out of its range
   */
  public RetryPolicy {
    check("initial wait", initial);
    check("longest wait", max);
    check("timeout", timeout);
    finalFailures = Set.copyOf(finalFailures);
    if (max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "the longest wait %s is shorter than the initial %s: make it as long or longer"
              .formatted(max, initial));
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter is %s: it must be from 0 to 1".formatted(jitter));
    }
  }

  private static void check(String setting, Duration value) {
    Objects.requireNonNull(value, setting);
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is %s: it must be longer than nothing and a day at most".formatted(setting, value));
    }
  }

  /** The default with other waits, which double from the first to the longest. */
  public static RetryPolicy exponential(Duration initial, Duration max) {
    return new RetryPolicy(
        initial, max, DEFAULT.jitter(), DEFAULT.timeout(), DEFAULT.finalFailures());
  }

  /** The same with another part of each wait left to chance. */
  public RetryPolicy withJitter(double part) {
    return new RetryPolicy(initial, max, part, timeout, finalFailures);
  }

  /** The same with another limit for an attempt. */
  public RetryPolicy withTimeout(Duration limit) {
    return new RetryPolicy(initial, max, jitter, limit, finalFailures);
  }

  /** The same with one more kind of exception that is final at once. */
  public RetryPolicy withFinal(Class<? extends Throwable> type) {
    Set<Class<? extends Throwable>> all = new HashSet<>(finalFailures);
    all.add(Objects.requireNonNull(type, "type"));
    return new RetryPolicy(initial, max, jitter, timeout, all);
  }

  /** Whether no attempt is made after this failure. */
  public boolean isFinal(Throwable failure) {
    return finalFailures.stream().anyMatch(type -> type.isInstance(failure));
  }
}
