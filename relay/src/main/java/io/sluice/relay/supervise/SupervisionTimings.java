package io.sluice.relay.supervise;

import java.time.Duration;

/**
 * Periods of the supervision of shards.
 *
 * @param heartbeat of a server that has nothing else to send
 * @param silence of a server after which its connection is taken for dead
 * @param engineEnd from the moment an engine stops reading to the report of its end
 * @param watchInterval between two looks at a run
 * @param firstBackoff before the second attempt
 * @param longestBackoff between two attempts
 * @param idleStore between two stored positions of a shard that has no events
 * @param provisioningInterval between two looks for shards that are not provisioned
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
