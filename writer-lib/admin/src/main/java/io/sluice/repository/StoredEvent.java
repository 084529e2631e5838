package io.sluice.repository;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.EventPayload;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Objects;

/**
 * An event as it stands in its table.
 *
 * @param key where it is
 * @param domain decides its topic
 * @param eventType what happened
 * @param aggregateType the kind of thing it happened to
 * @param aggregateId the thing it happened to
 * @param payload what it tells, byte for byte
 * @param headers it was written with
 * @param delivery how far it has come
 * @param createdAt when it was written
 */
public record StoredEvent(
    EventKey key,
    EventDomain domain,
    String eventType,
    String aggregateType,
    String aggregateId,
    EventPayload.Bytes payload,
    EventHeaders headers,
    Delivery delivery,
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

  /** The payload as text, decoded from UTF-8 at each call. */
  public String payloadText() {
    return new String(payload.bytes(), StandardCharsets.UTF_8);
  }
}
