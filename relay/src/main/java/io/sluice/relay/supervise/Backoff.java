package io.sluice.relay.supervise;

import java.time.Duration;
import java.util.function.DoubleSupplier;

/**
 * Exponential backoff up to a limit. Jitter spreads the retries of shards that failed at the same
 * time. Used by one thread.
 */
final class Backoff {

  private final Duration first;
  private final Duration longest;
  private final DoubleSupplier random;
  private Duration next;

  /**
   * Creates a backoff.
   *
   * @param first the first wait
   * @param longest the longest wait
   * @param random random numbers from 0 to 1
   */
  Backoff(Duration first, Duration longest, DoubleSupplier random) {
    this.first = first;
    this.longest = longest;
    this.random = random;
    this.next = first;
  }

  /**
   * Doubles the wait.
   *
   * @return a random time between half of the previous wait and the whole of it
   */
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
