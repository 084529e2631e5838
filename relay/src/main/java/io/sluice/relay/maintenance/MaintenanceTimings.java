package io.sluice.relay.maintenance;

import java.time.Duration;

/**
 * Periods of the maintenance of a shard.
 *
 * @param markInterval between two checks for rows to mark
 * @param serverInterval between two checks of the server's identity
 * @param uncertainInterval the same, until the engine is known to read this server
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
