package io.sluice.writer.testkit;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.repository.StoredEvent;
import io.sluice.writer.EventRow;
import java.nio.charset.StandardCharsets;

/**
 * The fields of an event in memory or in the table that can be compared.
 *
 * @param payload the bytes that a consumer receives
 */
record WrittenEvent(
    EventDomain domain,
    String eventType,
    String aggregateType,
    String aggregateId,
    EventPayload.Bytes payload,
    EventHeaders headers,
    int maxRetries) {

  static WrittenEvent of(EventRow row) {
    OutboxEvent event = row.event();
    return new WrittenEvent(
        event.domain(),
        event.eventType(),
        event.aggregateType(),
        event.aggregateId(),
        bytes(row.payload()),
        event.headers(),
        event.maxRetries());
  }

  static WrittenEvent of(StoredEvent event) {
    return new WrittenEvent(
        event.domain(),
        event.eventType(),
        event.aggregateType(),
        event.aggregateId(),
        event.payload(),
        event.headers(),
        event.delivery().maxRetries());
  }

  private static EventPayload.Bytes bytes(EventPayload.Stored payload) {
    if (payload instanceof EventPayload.Bytes bytes) {
      return bytes;
    }
    String text =
        payload instanceof EventPayload.Json json
            ? json.text()
            : ((EventPayload.Text) payload).text();
    return new EventPayload.Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  String aggregate() {
    return aggregateType + " " + aggregateId;
  }

  String payloadText() {
    return new String(payload.bytes(), StandardCharsets.UTF_8);
  }

  /** All fields, including payload and headers, because this is test data. */
  String description() {
    return "event type %s, domain %s, aggregate %s, payload %s, headers %s, max retries %d"
        .formatted(eventType, domain, aggregate(), payloadText(), headers.values(), maxRetries);
  }
}
