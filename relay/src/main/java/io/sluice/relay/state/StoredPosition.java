package io.sluice.relay.state;

import java.time.Instant;

/**
 * A position as found in Kafka.
 *
 * @param position how far the source was published
 * @param storedAt when that was, by the clock of the relay that stored it
 */
public record StoredPosition(Position position, Instant storedAt) {

  /** The latest time up to which everything was read for certain: a relay that lags stores late. */
  public Instant readUpTo() {
    return position.writtenAt().filter(written -> written.isBefore(storedAt)).orElse(storedAt);
  }
}
