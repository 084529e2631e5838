package io.sluice.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.UnicodeText;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Converts events to rows, and refuses events that the database or Kafka would refuse. Thread-safe.
 */
final class EventRows {

  // Disables Jackson's limits, which protect parsers of untrusted input.
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Integer.MAX_VALUE)
                  .maxNumberLength(Integer.MAX_VALUE)
                  .maxNameLength(Integer.MAX_VALUE)
                  .maxStringLength(Integer.MAX_VALUE)
                  .build())
          .build();

  private final PayloadSerializer serializer;
  private final HeaderSource headers;
  private final long maxBytes;

  EventRows(PayloadSerializer serializer, HeaderSource headers, long maxBytes) {
    this.serializer = serializer;
    this.headers = headers;
    this.maxBytes = maxBytes;
  }

  EventRow of(OutboxEvent event) {
    OutboxEvent complete = withHeaders(event);
    EventPayload.Stored payload =
        complete.payload() instanceof EventPayload.Value object
            ? serialize(complete, object.value())
            : (EventPayload.Stored) complete.payload();
    check(complete, payload);
    EventRow row = new EventRow(complete, payload);
    requireSmall(row);
    return row;
  }

  private OutboxEvent withHeaders(OutboxEvent event) {
    Map<String, String> more = headers(headers, event);
    if (more.isEmpty()) {
      return event;
    }
    Map<String, String> all = new LinkedHashMap<>(more);
    all.putAll(event.headers().values());
    return event.toBuilder().headers(new EventHeaders(all)).build();
  }

  /**
   * The headers of a source.
   *
   * @throws IllegalArgumentException if it returns null
   */
  static Map<String, String> headers(HeaderSource source, OutboxEvent event) {
    Map<String, String> headers = source.headers(event);
    if (headers == null) {
      throw new IllegalArgumentException(
          "a HeaderSource returned null: return an empty map if an event gets no headers");
    }
    return headers;
  }

  private static void check(OutboxEvent event, EventPayload.Stored payload) {
    if (payload instanceof EventPayload.Json json) {
      checkJson(event, json.text());
      checkCharacters(event, json.text());
    } else if (payload instanceof EventPayload.Text text) {
      checkCharacters(event, text.text());
    }
  }

  private void requireSmall(EventRow row) {
    if (row.bytes() > maxBytes) {
      throw new EventTooLargeException(row.event(), row.bytes(), maxBytes);
    }
  }

  // UTF-8 cannot encode an unpaired surrogate; the driver would store a question mark.
  private static void checkCharacters(OutboxEvent event, String text) {
    UnicodeText.indexOfHalfCharacter(text)
        .ifPresent(
            index -> {
              throw new PayloadException(
                  event,
                  "holds half a surrogate pair at index %d: a string was cut inside a character"
                      .formatted(index),
                  null);
            });
  }

  private EventPayload.Stored serialize(OutboxEvent event, Object value) {
    EventPayload.@Nullable Stored stored;
    try {
      stored = serializer.serialize(value);
    } catch (Exception e) {
      throw notSerialized(event, value, e.getClass().getName() + ", see the cause", e);
    }
    if (stored == null) {
      throw notSerialized(event, value, "the serializer returned null", null);
    }
    return stored;
  }

  // Omits the serializer's message, which may quote values.
  private static PayloadException notSerialized(
      OutboxEvent event, Object value, String why, @Nullable Exception cause) {
    return new PayloadException(
        event,
        "of type %s cannot be serialised: %s: make the type serialisable or configure the"
                .formatted(value.getClass().getName(), why)
            + " writer's serializer",
        cause);
  }

  // Parses the whole text, because truncated JSON would fail in every consumer.
  private static void checkJson(OutboxEvent event, String text) {
    int values = 0;
    try (JsonParser parser = JSON.createParser(text)) {
      while (parser.nextToken() != null) {
        if (parser.currentToken().isStructStart()) {
          parser.skipChildren();
        }
        values++;
      }
    } catch (JsonParseException e) {
      // Omit the parser's message, which quotes the payload.
      throw new PayloadException(
          event,
          "is not JSON, see line %d, column %d: correct it or use payload(object)"
              .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr()),
          null);
    } catch (IOException e) {
      throw new PayloadException(event, "cannot be read as JSON: " + e.getMessage(), e);
    }
    if (values != 1) {
      throw new PayloadException(
          event, "holds %d JSON values: it must be exactly one".formatted(values), null);
    }
  }
}
