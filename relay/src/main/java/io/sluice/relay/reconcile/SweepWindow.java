package io.sluice.relay.reconcile;

import io.sluice.relay.state.WorkItem.SweepGap;
import java.time.Duration;
import java.time.Instant;

/**
 * Which rows a sweep looks at.
 *
 * @param from the earliest insertion
 * @param until the latest insertion
 * @param isOfGap whether it is about a gap, and not about everything that is settled
 */
record SweepWindow(Instant from, Instant until, boolean isOfGap) {

  /** Begun long before their commit, or by a clock that goes wrong. */
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
   * Whether a row is to be looked at when it is older. One whose time lies far ahead is not waited
   * for.
   */
  boolean awaits(Instant insertedAt) {
    return !isOfGap && insertedAt.isAfter(until) && insertedAt.isBefore(Instant.now().plus(SKEW));
  }
}
