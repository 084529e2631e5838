package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.UUID;

/** An event is larger than the writer lets through, and so larger than its topic would take. */
public final class EventTooLargeException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  private final UUID eventId;
  private final long bytes;

  EventTooLargeException(OutboxEvent event, long bytes, long most) {
    super(
        "event %s (%s of %s) has %d bytes of payload and headers, %d are allowed: store the data elsewhere and write a reference to it; or let the relay's topics.max-message-bytes and the writer's maxEventBytes be larger"
            .formatted(event.id(), event.eventType(), event.domain(), bytes, most),
        null);
    eventId = event.id();
    this.bytes = bytes;
  }

  /** The event, which is not written. */
  public UUID eventId() {
    return eventId;
  }

  /** Of its payload and headers, in UTF-8. */
  public long bytes() {
    return bytes;
  }
}
