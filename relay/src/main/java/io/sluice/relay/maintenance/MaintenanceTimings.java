package io.sluice.relay.maintenance;

import java.time.Duration;

/**
 * Periods of the maintenance of a shard.
 *
 * @param markInterval between two looks for rows to be marked
 * @param serverInterval between two looks at the identity of the server
 * @param uncertainInterval the same, until it is certain that the engine reads this server
 * @param retry after a failure
 * @param retryAfterRefusal after a failure that needs an operator
 */
public record MaintenanceTimings(
    Duration markInterval,
    Duration serverInterval,
    Duration uncertainInterval,
    Duration retry,
    Duration retryAfterRefusal) {

  public MaintenanceTimings {
    if (markInterval.isZero() || serverInterval.isZero() || uncertainInterval.isZero()) {
      throw new IllegalArgumentException("an interval of zero keeps a processor busy");
    }
  }
}
