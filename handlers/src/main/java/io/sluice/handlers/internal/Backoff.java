package io.sluice.handlers.internal;

import io.sluice.handlers.api.RetryPolicy;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ThreadLocalRandom;

/**
 * An exponential backoff with jitter. The delay doubles with each consecutive failure, up to a
 * limit. The jitter spreads the retries of events that failed at the same time.
 *
 * @param initial the longest delay after the first failure; positive
 * @param max the longest delay; not shorter than {@code initial}
 * @param jitter the random part of the delay, from 0 to 1
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

  /** Returns a random delay after this number of consecutive failures, which starts at 1. */
  public Duration delay(int failures) {
    return delay(failures, ThreadLocalRandom.current().nextDouble());
  }

  /**
   * Returns a delay that is the same for the same event and number, on all workers and after
   * restarts.
   */
  public Duration delay(int failures, String event) {
    return delay(failures, new SplittableRandom(31L * event.hashCode() + failures).nextDouble());
  }

  /** Returns the delay for a random number from 0 to 1. */
  Duration delay(int failures, double random) {
    int doublings = Math.max(0, Math.min(failures - 1, MAX_DOUBLINGS));
    Duration longest = longest(1L << doublings);
    return longest.minusNanos((long) (longest.toNanos() * jitter * random));
  }

  private Duration longest(long factor) {
    return initial.compareTo(max.dividedBy(factor)) > 0 ? max : initial.multipliedBy(factor);
  }
}
