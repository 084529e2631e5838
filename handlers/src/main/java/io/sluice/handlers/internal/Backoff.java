package io.sluice.handlers.internal;

import io.sluice.handlers.api.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after the n-th failure in a row: twice as long each time, up to a limit, of
 * which a part is left to chance so that many who failed together do not return together.
 *
 * @param initial the longest wait after the first failure; positive
 * @param max the longest wait of all; not shorter than {@code initial}
 * @param jitter the part of it that is left to chance, from 0 to 1
 */
public record Backoff(Duration initial, Duration max, double jitter) {

  private static final int MAX_DOUBLINGS = 30;

  public Backoff {
    if (initial.isNegative() || initial.isZero()) {
      throw new IllegalArgumentException("initial wait %s: it must be positive".formatted(initial));
    }
    if (max.compareTo(initial) < 0) {
      throw new IllegalArgumentException(
          "longest wait %s is shorter than the initial %s".formatted(max, initial));
    }
  }

  public Backoff(Duration initial, Duration max) {
    this(initial, max, 0.5);
  }

  public static Backoff of(RetryPolicy policy) {
    return new Backoff(policy.initial(), policy.max(), policy.jitter());
  }

  /** The wait after this many failures in a row, from 1. */
  public Duration delay(int failures) {
    return delay(failures, ThreadLocalRandom.current().nextDouble());
  }

  /** The same wait for the same event and count, whoever reckons it, and after a restart too. */
  public Duration delay(int failures, String event) {
    return delay(failures, new SplittableRandom(31L * event.hashCode() + failures).nextDouble());
  }

  /** The same with a random number of the caller's, from 0 to 1. */
  Duration delay(int failures, double random) {
    int doublings = Math.max(0, Math.min(failures - 1, MAX_DOUBLINGS));
    Duration longest = longest(1L << doublings);
    return longest.minusNanos((long) (longest.toNanos() * jitter * random));
  }

  private Duration longest(long factor) {
    return initial.compareTo(max.dividedBy(factor)) > 0 ? max : initial.multipliedBy(factor);
  }
}
