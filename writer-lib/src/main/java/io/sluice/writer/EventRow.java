package io.sluice.writer;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.UnicodeText;
import java.util.Map;
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

  /** The bytes of the payload and the headers in UTF-8. */
  long bytes() {
    long bytes =
        payload instanceof EventPayload.Bytes binary
            ? binary.length()
            : UnicodeText.utf8Length(
                payload instanceof EventPayload.Json json
                    ? json.text()
                    : ((EventPayload.Text) payload).text());
    for (Map.Entry<String, String> header : event.headers().values().entrySet()) {
      bytes += UnicodeText.utf8Length(header.getKey()) + UnicodeText.utf8Length(header.getValue());
    }
    return bytes;
  }
}
