package io.sluice.repository;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.EventPayload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * An event as stored in its table.
 *
 * @param key identifies the row
 * @param domain the domain, which determines the topic
 * @param eventType the type of the event
 * @param aggregateType type of the aggregate that the event happened to
 * @param aggregateId id of that aggregate
 * @param payload the payload, byte for byte
 * @param headers the headers of the event
 * @param delivery the delivery state
 * @param createdAt when the event was created
 */
public record StoredEvent(
    EventKey key,
    EventDomain domain,
    String eventType,
    String aggregateType,
    String aggregateId,
    EventPayload.Bytes payload,
    EventHeaders headers,
    DeliveryState delivery,
    Instant createdAt)
    implements StoredRow {

  public StoredEvent {
    Objects.requireNonNull(key, "key");
    Objects.requireNonNull(domain, "domain");
    Objects.requireNonNull(eventType, "eventType");
    Objects.requireNonNull(aggregateType, "aggregateType");
    Objects.requireNonNull(aggregateId, "aggregateId");
    Objects.requireNonNull(payload, "payload");
    Objects.requireNonNull(headers, "headers");
    Objects.requireNonNull(delivery, "delivery");
    Objects.requireNonNull(createdAt, "createdAt");
  }

  @Override
  public StoredEvent event() {
    return this;
  }

  /** The payload decoded from UTF-8, anew in each call. */
  public String payloadText() {
    return new String(payload.bytes(), StandardCharsets.UTF_8);
  }
}
