package io.sluice.relay.supervise;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before the next try: twice as long after each failure, up to a limit, with
 * jitter so that shards that failed together do not come back together. Used by one thread.
 */
final class Backoff {

  private static final Duration FIRST = Duration.ofMillis(500);
  private static final Duration LONGEST = Duration.ofSeconds(30);

  private final DoubleSupplier random;
  private Duration next = FIRST;

  /**
   * Starts with the shortest wait.
   *
   * @param random numbers from 0 to 1
   */
  Backoff(DoubleSupplier random) {
    this.random = random;
  }

  /** Between a half and the whole of the present wait, which then doubles. */
  Duration next() {
    long millis = next.toMillis();
    Duration chosen = Duration.ofMillis(millis / 2 + (long) (millis / 2.0 * random.getAsDouble()));
    Duration doubled = next.multipliedBy(2);
    next = doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    return chosen;
  }

  void reset() {
    next = FIRST;
  }
}
