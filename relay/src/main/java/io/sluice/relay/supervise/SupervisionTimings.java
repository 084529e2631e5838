package io.sluice.relay.supervise;

import java.time.Duration;

/**
 * Periods of the supervision of shards.
 *
 * @param heartbeat between two heartbeats of an idle server
 * @param silence time without data or heartbeat after which a connection counts as lost
 * @param engineEnd maximum time from the end of an engine's reading to the report of its error
 * @param watchInterval between two checks of a run
 * @param firstBackoff before the second attempt
 * @param longestBackoff maximum time between two attempts
 * @param idleStore between two stored positions of a shard without events
 * @param provisioningInterval between two checks for shards that are not provisioned
 * @param provisioningRetry before a shard is provisioned again
 */
public record SupervisionTimings(
    Duration heartbeat,
    Duration silence,
    Duration engineEnd,
    Duration watchInterval,
    Duration firstBackoff,
    Duration longestBackoff,
    Duration idleStore,
    Duration provisioningInterval,
    Duration provisioningRetry) {

  public SupervisionTimings {
    if (silence.compareTo(heartbeat.multipliedBy(2)) < 0) {
      throw new IllegalArgumentException(
          "silence %s is shorter than two heartbeats of %s".formatted(silence, heartbeat));
    }
    if (longestBackoff.compareTo(firstBackoff) < 0) {
      throw new IllegalArgumentException(
          "the longest backoff %s is shorter than the first %s"
              .formatted(longestBackoff, firstBackoff));
    }
  }
}
