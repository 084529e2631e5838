package io.sluice.relay.maintenance;

import java.time.Duration;
import java.util.stream.Stream;

/**
 * Periods of the maintenance of shards, and of the watch over open Kafka transactions.
 *
 * @param markInterval between two checks for rows to mark
 * @param idleInterval the same after a check that has found none
 * @param serverInterval between two checks of the server's identity
 * @param uncertainInterval the same, until the engine is known to read this server
 * @param retry after a failure
 * @param retryAfterRefusal after a failure that needs an operator
 * @param transactionInterval between two checks of open transactions
 * @param foreignLimit time for which a transaction of another producer may be open without a report
 */
public record MaintenanceTimings(
    Duration markInterval,
    Duration idleInterval,
    Duration serverInterval,
    Duration uncertainInterval,
    Duration retry,
    Duration retryAfterRefusal,
    Duration transactionInterval,
    Duration foreignLimit) {

  public MaintenanceTimings {
    if (Stream.of(
            markInterval, idleInterval, serverInterval, uncertainInterval, transactionInterval)
        .anyMatch(Duration::isZero)) {
      throw new IllegalArgumentException("an interval of zero keeps a processor busy");
    }
  }
}
