package io.sluice.relay.reconcile;

import java.time.Duration;

/**
 * Periods of the reconciliation of tables with their topics.
 *
 * @param interval between two checks for work
 * @param unreadRetry after the binlog was not read far enough to decide
 * @param heldRest before rows that other transactions have locked are checked again; doubles
 * @param passRest after a pass that decided all rows
 * @param topicRetry after a topic could not be read
 * @param scanStall without progress after which a topic counts as unreadable
 */
public record ReconcileTimings(
    Duration interval,
    Duration unreadRetry,
    Duration heldRest,
    Duration passRest,
    Duration topicRetry,
    Duration scanStall) {

  public ReconcileTimings {
    if (interval.isZero()) {
      throw new IllegalArgumentException("an interval of zero keeps a processor busy");
    }
  }
}
