package io.sluice.sandbox.demo.verify;

/**
 * Counts of a set of events.
 *
 * @param written rows in the outbox tables
 * @param relayed rows whose event is on a topic
 * @param published rows that are PUBLISHED
 * @param retrying rows that are RETRY
 * @param failed rows that are FAILED
 * @param duplicated records beyond the first of each event
 * @param unburied rows that are FAILED and have no dead letter
 * @param unplanned rows that are FAILED although success was planned, or the reverse
 * @param altered events on another topic than their domain's, or with another key or payload than
 *     the row
 */
public record Tally(
    long written,
    long relayed,
    long published,
    long retrying,
    long failed,
    long duplicated,
    long unburied,
    long unplanned,
    long altered) {

  static final Tally NONE = new Tally(0, 0, 0, 0, 0, 0, 0, 0, 0);

  public long lost() {
    return written - relayed;
  }

  /** Whether every row is PUBLISHED or FAILED. */
  public boolean isSettled() {
    return published + failed == written;
  }

  Tally plus(Tally other) {
    return new Tally(
        written + other.written,
        relayed + other.relayed,
        published + other.published,
        retrying + other.retrying,
        failed + other.failed,
        duplicated + other.duplicated,
        unburied + other.unburied,
        unplanned + other.unplanned,
        altered + other.altered);
  }
}
