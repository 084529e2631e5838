package io.sluice.handlers;

/**
 * What a runtime has done since it was built; a snapshot.
 *
 * @param processed attempts whose outcome is on the row: {@code published + failed + retried}
 * @param published events that became PUBLISHED
 * @param failed events that became FAILED after their handler had failed
 * @param retried attempts that failed and left the event in RETRY
 * @param parked events that became FAILED unseen, behind another of their aggregate
 * @param skipped events delivered again after they were finished, or whose row is gone
 * @param foreign records on the topics that no relay wrote
 */
public record HandlerStatistics(
    long processed,
    long published,
    long failed,
    long retried,
    long parked,
    long skipped,
    long foreign) {

  static final HandlerStatistics NONE = new HandlerStatistics(0, 0, 0, 0, 0, 0, 0);

  HandlerStatistics plus(HandlerStatistics other) {
    return new HandlerStatistics(
        processed + other.processed,
        published + other.published,
        failed + other.failed,
        retried + other.retried,
        parked + other.parked,
        skipped + other.skipped,
        foreign + other.foreign);
  }
}
