package io.sluice.relay.recovery;

import java.time.Duration;

/**
 * What to do with a source whose position is lost.
 *
 * @param approval who decides to give a position up
 * @param patience how long to wait first, for what is missing may come back
 */
public record RecoverySettings(Approval approval, Duration patience) {

  /** The relay decides, after half a minute. */
  public static final RecoverySettings DEFAULT =
      new RecoverySettings(Approval.AUTOMATIC, Duration.ofSeconds(30));

  /** Who decides to give a position up. */
  public enum Approval {
    /** The relay. */
    AUTOMATIC,
    /** An operator, with {@code sluice-relay shards heal}; until then the shard is stopped. */
    OPERATOR
  }
}
