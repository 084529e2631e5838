package io.sluice.relay.ledger;

import io.sluice.relay.publish.RelayPosition;
import java.time.Instant;

/**
 * A position as found in Kafka.
 *
 * @param position how far the source was published
 * @param storedAt when that was, by the clock of the relay that stored it
 */
public record StoredPosition(RelayPosition position, Instant storedAt) {}
