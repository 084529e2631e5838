package io.sluice.relay.shard;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import java.time.Instant;

/**
 * An outbox row as it was inserted.
 *
 * @param origin where it was written
 * @param payload {@code event_data}, in UTF-8 where it is text; not copied, not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // never compared; copying 1 MB to be safe is no gain
public record OutboxRow(
    RowOrigin origin,
    String id,
    EventDomain domain,
    String eventType,
    String aggregateType,
    String aggregateId,
    byte[] payload,
    EventHeaders headers,
    int maxRetries,
    Instant createdAt) {

  /** Without payload and headers: they do not belong in logs. */
  @Override
  public String toString() {
    return "event %s (%s of %s)".formatted(id, eventType, domain);
  }
}
