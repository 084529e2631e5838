package io.sluice.writer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import java.io.IOException;

/** The text to be stored for an event's payload. Thread-safe. */
final class PayloadText {

  private static final JsonFactory JSON = new JsonFactory();

  private final PayloadSerializer serializer;

  PayloadText(PayloadSerializer serializer) {
    this.serializer = serializer;
  }

  String of(OutboxEvent event) {
    if (event.payload() instanceof EventPayload.Value payload) {
      return serialize(event, payload.value());
    }
    String text = ((EventPayload.Json) event.payload()).text();
    checkJson(event, text);
    return text;
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
