package io.sluice.handlers.api;

import java.time.Duration;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;

/**
 * When an event is retried after a failure, which failures are final, and the timeout of an
 * attempt. The number of attempts is in the event's row. Immutable.
 *
 * <pre>{@code
 * RetryPolicy.exponential(Duration.ofSeconds(2), Duration.ofMinutes(10))
 *     .withTimeout(Duration.ofSeconds(30))
 *     .withFinal(AccountClosedException.class)
 * }</pre>
 *
 * @param initial the longest wait after the first failure; positive, at most a day
 * @param max the longest wait of all; not shorter than {@code initial}, at most a day
 * @param jitter the random part of each wait, from 0 to 1, so that events that failed together are
 *     not retried together
 * @param timeout the timeout of an attempt; positive, at most a day
 * @param finalFailures exceptions, including subclasses, after which the event is not retried
 */
public record RetryPolicy(
    Duration initial,
    Duration max,
    double jitter,
    Duration timeout,
    Set<Class<? extends Throwable>> finalFailures) {

  // Declared before DEFAULT, because its constructor uses the constant.
  private static final Duration LONGEST = Duration.ofDays(1);

  /**
   * The default: waits from one second to one minute, of which half is random, and a timeout of
   * five minutes. Unreadable payloads are final.
   */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(
          Duration.ofSeconds(1),
          Duration.ofMinutes(1),
          0.5,
          Duration.ofMinutes(5),
          Set.of(UnreadablePayloadException.class));

  /**
   * Creates a policy.
   *
   * @throws IllegalArgumentException if a value is out of range
   */
  public RetryPolicy {
    check("initial wait", initial);
    check("longest wait", max);
    check("timeout", timeout);
    finalFailures = Set.copyOf(finalFailures);
    if (max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "the longest wait of %s s is shorter than the initial one of %s s: make it as long or longer"
              .formatted(seconds(max), seconds(initial)));
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("jitter is %s: it must be from 0 to 1".formatted(jitter));
    }
  }

  private static void check(String setting, Duration value) {
    Objects.requireNonNull(value, setting);
    if (value.isNegative() || value.isZero() || value.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "%s is %s s: it must be longer than 0 s and a day at most"
              .formatted(setting, seconds(value)));
    }
  }

  private static double seconds(Duration value) {
    return value.toMillis() / 1_000.0;
  }

  /**
   * Returns the default policy with other waits. They double from {@code initial} to {@code max}.
   */
  public static RetryPolicy exponential(Duration initial, Duration max) {
    return new RetryPolicy(
        initial, max, DEFAULT.jitter(), DEFAULT.timeout(), DEFAULT.finalFailures());
  }

  /** Returns this policy with another jitter. */
  public RetryPolicy withJitter(double part) {
    return new RetryPolicy(initial, max, part, timeout, finalFailures);
  }

  /** Returns this policy with another timeout. */
  public RetryPolicy withTimeout(Duration limit) {
    return new RetryPolicy(initial, max, jitter, limit, finalFailures);
  }

  /** Returns this policy with one more final exception. */
  public RetryPolicy withFinal(Class<? extends Throwable> type) {
    Set<Class<? extends Throwable>> all = new HashSet<>(finalFailures);
    all.add(Objects.requireNonNull(type, "type"));
    return new RetryPolicy(initial, max, jitter, timeout, all);
  }

  /** Whether an event is not retried after this failure. */
  public boolean isFinal(Throwable failure) {
    return finalFailures.stream().anyMatch(type -> type.isInstance(failure));
  }
}
