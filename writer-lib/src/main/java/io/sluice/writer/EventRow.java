package io.sluice.writer;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import java.util.Objects;

/**
 * An event as it goes into the table: checked, with all its headers and its payload as stored.
 *
 * @param event with the headers of the writer's {@link HeaderSource} among its own
 * @param payload what its object has become, if it had one
 */
public record EventRow(OutboxEvent event, EventPayload.Stored payload) {

  public EventRow {
    Objects.requireNonNull(event, "event");
    Objects.requireNonNull(payload, "payload");
  }
}
