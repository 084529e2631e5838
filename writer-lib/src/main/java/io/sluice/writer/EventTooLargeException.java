package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.UUID;

/** An event exceeds the maximum size of the writer, which protects the limit of its topic. */
public final class EventTooLargeException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  private final UUID eventId;
  private final long bytes;

  EventTooLargeException(OutboxEvent event, long bytes, long most) {
    super(
        "event %s (%s of %s) has %d bytes of payload and headers, the maximum is %d: store the data"
                .formatted(event.id(), event.eventType(), event.domain(), bytes, most)
            + " elsewhere and write a reference to it; or increase the relay's"
            + " topics.max-message-bytes and the writer's maxEventBytes",
        null);
    eventId = event.id();
    this.bytes = bytes;
  }

  /** The id of the event that is not written. */
  public UUID eventId() {
    return eventId;
  }

  /** The size of the event's payload and headers, in bytes of UTF-8. */
  public long bytes() {
    return bytes;
  }
}
