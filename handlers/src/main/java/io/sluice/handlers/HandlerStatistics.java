package io.sluice.handlers;

/**
 * The outcomes since a runtime was built.
 *
 * @param processed attempts whose outcome is written: {@code published + failed + retried}
 * @param published events that became PUBLISHED
 * @param failed events that became FAILED after a failure of their handler
 * @param retried attempts that failed and left the event in RETRY
 * @param parked events that became FAILED without a call, behind another event of their aggregate
 * @param skipped events that were already finished, or whose row was cleaned up
 * @param foreign records that were not written by a relay
 * @param missing events that went to the dead-letter topic, because their row is missing
 */
public record HandlerStatistics(
    long processed,
    long published,
    long failed,
    long retried,
    long parked,
    long skipped,
    long foreign,
    long missing) {

  static final HandlerStatistics NONE = new HandlerStatistics(0, 0, 0, 0, 0, 0, 0, 0);

  HandlerStatistics plus(HandlerStatistics other) {
    return new HandlerStatistics(
        processed + other.processed,
        published + other.published,
        failed + other.failed,
        retried + other.retried,
        parked + other.parked,
        skipped + other.skipped,
        foreign + other.foreign,
        missing + other.missing);
  }
}
