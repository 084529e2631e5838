package io.sluice.relay.state;

import java.time.Instant;

/**
 * A position with the time when it was stored in Kafka.
 *
 * @param position the position
 * @param storedAt time by the clock of the relay that stored it
 */
public record StoredPosition(Position position, Instant storedAt) {

  /**
   * The time up to which the binlog has certainly been read. It is earlier than {@code storedAt} if
   * the relay lagged.
   */
  public Instant readUpTo() {
    return position.readUpTo().filter(time -> time.isBefore(storedAt)).orElse(storedAt);
  }
}
