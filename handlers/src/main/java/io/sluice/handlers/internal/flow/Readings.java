package io.sluice.handlers.internal.flow;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * When partitions may be read again: what is new waits meanwhile, so not before the reading before
 * has ended, and for half of the time at most. Owned by the domain's thread.
 */
final class Readings {

  private final Duration leastRest;
  private Instant next = Instant.MIN;
  private Optional<Instant> begun = Optional.empty();

  Readings(Duration leastRest) {
    this.leastRest = leastRest;
  }

  /**
   * @param isReading whether there is anything left of the reading before
   */
  boolean mayBegin(boolean isReading, Instant now) {
    if (isReading) {
      return false;
    }
    begun.ifPresent(begin -> next = now.plus(longer(Duration.between(begin, now), leastRest)));
    begun = Optional.empty();
    return !now.isBefore(next);
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) > 0 ? one : other;
  }

  void begin(Instant now) {
    begun = Optional.of(now);
  }
}
