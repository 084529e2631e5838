package io.sluice.sandbox.demo;

import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.util.Map;

/**
 * The progress of a run.
 *
 * @param statuses number of rows by status, over all shards
 * @param relayed number of different events on the topics
 */
record Progress(Map<OutboxStatus, Long> statuses, long relayed) {

  long count(OutboxStatus status) {
    return statuses.getOrDefault(status, 0L);
  }

  long written() {
    return statuses.values().stream().mapToLong(Long::longValue).sum();
  }

  /** Whether every written event is on its topic and is PUBLISHED or FAILED. */
  boolean isSettled() {
    return relayed >= written()
        && count(OutboxStatus.PENDING) == 0
        && count(OutboxStatus.RETRY) == 0;
  }

  String line(Duration since) {
    return "%5d s  written %d  relayed %d  published %d  retrying %d  failed %d  lag %d"
        .formatted(
            since.toSeconds(),
            written(),
            relayed,
            count(OutboxStatus.PUBLISHED),
            count(OutboxStatus.RETRY),
            count(OutboxStatus.FAILED),
            Math.max(0, written() - relayed));
  }
}
