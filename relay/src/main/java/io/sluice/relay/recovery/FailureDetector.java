package io.sluice.relay.recovery;

import java.time.Duration;

/**
 * Counts consecutive failed checks of a position. A check can fail by chance, for example while a
 * broker restarts, so a failure is not added to one of long ago.
 *
 * @param since time of the first failure, in {@link System#nanoTime}
 * @param last time of the last failure
 * @param failures number of failures
 */
record FailureDetector(long since, long last, int failures) {

  /** Longer than an attempt of the supervisor and its backoff take together. */
  private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(2);

  private static final int MIN_FAILURES = 3;

  static FailureDetector firstFailure(long now) {
    return new FailureDetector(now, now, 1);
  }

  FailureDetector failedAgain(long now) {
    return now - last > FORGOTTEN_AFTER.toNanos()
        ? firstFailure(now)
        : new FailureDetector(since, now, failures + 1);
  }

  /** Whether enough checks have failed over at least this time. */
  boolean hasLasted(Duration patience) {
    return failures >= MIN_FAILURES && last - since >= patience.toNanos();
  }
}
