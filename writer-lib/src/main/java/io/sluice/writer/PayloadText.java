package io.sluice.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.UnicodeText;
import java.io.IOException;

/** The text to be stored for an event's payload. Thread-safe. */
final class PayloadText {

  /** Jackson's limits guard parsers of foreign text; this is the service's own. */
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

  PayloadText(PayloadSerializer serializer) {
    this.serializer = serializer;
  }

  String of(OutboxEvent event) {
    String text =
        event.payload() instanceof EventPayload.Value payload
            ? serialize(event, payload.value())
            : ((EventPayload.Json) event.payload()).text();
    checkJson(event, text);
    checkCharacters(event, text);
    return text;
  }

  /** Half a surrogate pair has no form in UTF-8; a driver would store a question mark. */
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

  private String serialize(OutboxEvent event, Object value) {
    try {
      return serializer.serialize(value);
    } catch (Exception e) {
      throw new PayloadException(
          event,
          "of type %s cannot be serialised: %s: make the type serialisable or configure the"
                  .formatted(value.getClass().getName(), e.getMessage())
              + " writer's serializer",
          e);
    }
  }

  /** Reads the text to its end: half an object would fail only in every consumer. */
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
      // The parser's own message quotes the text; payloads do not belong in logs.
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
