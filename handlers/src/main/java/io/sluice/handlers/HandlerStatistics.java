package io.sluice.handlers;

/**
 * What a runtime has done since it was built, over all its domains; a snapshot.
 *
 * @param processed attempts whose outcome is on the row: {@code published + failed + retried}
 * @param published events that became PUBLISHED
 * @param failed events that became FAILED
 * @param retried attempts that failed and left the event in RETRY
 * @param skipped events delivered again after they were finished, or whose row is gone
 * @param foreign records on the topics that no relay wrote
 */
public record HandlerStatistics(
    long processed, long published, long failed, long retried, long skipped, long foreign) {}
