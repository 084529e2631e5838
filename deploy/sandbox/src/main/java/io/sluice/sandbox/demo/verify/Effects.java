package io.sluice.sandbox.demo.verify;

/**
 * Counts of the effects that handlers have in the shard of their event.
 *
 * @param lost events that are PUBLISHED and have had no effect
 * @param doubled effects of PUBLISHED events beyond the first of each event
 * @param stray effects of events that are FAILED, unfinished, or of a type that is not booked
 * @param unbalanced accounts whose balance is not the sum of their bookings
 * @param reordered effects that precede the effect of an earlier event of the same aggregate
 */
public record Effects(long lost, long doubled, long stray, long unbalanced, long reordered) {

  static final Effects NONE = new Effects(0, 0, 0, 0, 0);

  Effects plus(Effects other) {
    return new Effects(
        lost + other.lost,
        doubled + other.doubled,
        stray + other.stray,
        unbalanced + other.unbalanced,
        reordered + other.reordered);
  }
}
