package io.sluice.sandbox.demo.workers;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.sluice.handlers.api.HandledEvent;
import java.io.IOException;

/** Reads JSON payloads. */
final class JsonPayload {

  private static final ObjectMapper JSON = new ObjectMapper();

  private JsonPayload() {}

  static JsonNode of(HandledEvent event) throws IOException {
    JsonNode payload = JSON.readTree(event.payloadBytes());
    if (!payload.isObject()) {
      throw new IOException("the payload of event %s is not an object".formatted(event.id()));
    }
    return payload;
  }
}
