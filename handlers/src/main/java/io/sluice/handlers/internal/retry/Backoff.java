package io.sluice.handlers.internal.retry;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long to wait after the n-th failure in a row: twice as long each time, up to a limit, of
 * which a random half is taken off so that many who failed together do not return together.
 *
 * @param initial the longest wait after the first failure; positive
 * @param max the longest wait of all; not shorter than {@code initial}
 */
public record Backoff(Duration initial, Duration max) {

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

  /** The wait after this many failures in a row, from 1. */
  public Duration delay(int failures) {
    return delay(failures, ThreadLocalRandom.current().nextDouble());
  }

  /** The same with a random number of the caller's, from 0 to 1. */
  Duration delay(int failures, double random) {
    int doublings = Math.max(0, Math.min(failures - 1, MAX_DOUBLINGS));
    Duration longest = longest(1L << doublings);
    return longest.minusNanos((long) (longest.toNanos() / 2.0 * random));
  }

  private Duration longest(long factor) {
    return initial.compareTo(max.dividedBy(factor)) > 0 ? max : initial.multipliedBy(factor);
  }
}
