package io.sluice.relay.maintenance;

import java.time.Duration;

/**
 * Periods of the watch over open Kafka transactions.
 *
 * @param interval between two checks
 * @param foreignLimit time for which a transaction of another producer may be open without a report
 */
public record TransactionTimings(Duration interval, Duration foreignLimit) {

  public TransactionTimings {
    if (interval.isZero()) {
      throw new IllegalArgumentException("an interval of zero keeps a processor busy");
    }
  }
}
