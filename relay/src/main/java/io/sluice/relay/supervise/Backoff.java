package io.sluice.relay.supervise;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: twice as long after each failure, up to a limit, with
 * jitter so that shards that failed together do not come back together. Used by one thread.
 */
final class Backoff {

  private final Duration first;
  private final Duration longest;
  private final DoubleSupplier random;
  private Duration next;

  /**
   * Starts with the shortest wait.
   *
   * @param first the shortest wait
   * @param longest the longest wait
   * @param random numbers from 0 to 1
   */
  Backoff(Duration first, Duration longest, DoubleSupplier random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.next = first;
  }

  /** Between a half and the whole of the present wait, which then doubles. */
  Duration next() {
    long millis = next.toMillis();
    Duration chosen = Duration.ofMillis(millis / 2 + (long) (millis / 2.0 * random.getAsDouble()));
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(longest) > 0 ? longest : doubled;
    return chosen;
  }

  void reset() {
    next = first;
  }
}
