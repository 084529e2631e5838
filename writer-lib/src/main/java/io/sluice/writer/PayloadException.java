package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A payload could not be serialised, or is not valid JSON. The message does not quote the payload;
 * the serializer's exception, which is the cause, may do so.
 */
public final class PayloadException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  private final UUID eventId;

  PayloadException(OutboxEvent event, String problem, @Nullable Throwable cause) {
    super(
        "payload of event %s (%s of %s) %s"
            .formatted(event.id(), event.eventType(), event.domain(), problem),
        cause);
    eventId = event.id();
  }

  /** The id of the event that is not written. */
  public UUID eventId() {
    return eventId;
  }
}
