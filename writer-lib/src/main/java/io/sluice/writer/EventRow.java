package io.sluice.writer;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import java.util.Objects;

/**
 * A checked event with all its headers and its serialised payload.
 *
 * @param event includes the headers of the writer's {@link HeaderSource}
 * @param payload the payload to store
 */
public record EventRow(OutboxEvent event, EventPayload.Stored payload) {

  public EventRow {
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(payload, "payload");
  }
}
