package io.sluice.relay.reconcile;

import io.sluice.relay.state.WorkItem.SweepGap;
import java.time.Duration;
import java.time.Instant;

/**
 * The rows that a pass checks, by the time of their insertion.
 *
 * @param from earliest insertion
 * @param until latest insertion
 * @param isOfGap whether the pass belongs to a gap and not to all settled rows
 */
record SweepWindow(Instant from, Instant until, boolean isOfGap) {

  /** Allows for long transactions and for clocks that differ. */
  private static final Duration SKEW = Duration.ofHours(1);

  static SweepWindow of(SweepGap gap) {
    return new SweepWindow(
        gap.from().map(from -> from.minus(SKEW)).orElse(Instant.EPOCH),
        gap.until().plus(SKEW),
        true);
  }

  static SweepWindow settled(Duration settled) {
    return new SweepWindow(Instant.EPOCH, Instant.now().minus(settled), false);
  }

  boolean contains(Instant insertedAt) {
    return !insertedAt.isBefore(from) && !insertedAt.isAfter(until);
  }

  /**
   * Whether a row has to be checked later because it is too young. A row with a time far in the
   * future is not awaited.
   */
  boolean awaits(Instant insertedAt) {
    return !isOfGap && insertedAt.isAfter(until) && insertedAt.isBefore(Instant.now().plus(SKEW));
  }
}
