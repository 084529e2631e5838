package io.sluice.relay.recovery;

import java.time.Duration;

/**
 * How a lost position is recovered.
 *
 * @param approval who decides to replace a position
 * @param patience how long to wait first, because missing transactions may come back
 */
public record RecoverySettings(Approval approval, Duration patience) {

  /** The relay decides after 30 s. */
  public static final RecoverySettings DEFAULT =
      new RecoverySettings(Approval.AUTOMATIC, Duration.ofSeconds(30));

  /** Who decides to replace a lost position. */
  public enum Approval {
    /** The relay. */
    AUTOMATIC,
    /** An operator, with {@code sluice-relay shards heal}. The shard is stopped until then. */
    OPERATOR
  }
}
