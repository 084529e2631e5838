package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An event's payload could not be made of its object, or is not what it says it is. The message
 * quotes nothing of it; where a serializer failed, the cause is its exception, which may.
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

  /** The event, which is not written. */
  public UUID eventId() {
    return eventId;
  }
}
