package io.sluice.writer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.outbox.EventPayload;

/** Serialises payloads to JSON with a Jackson {@link ObjectMapper}. Thread-safe. */
public final class JacksonPayloadSerializer implements PayloadSerializer {

  private final ObjectMapper mapper;

  /** Uses this mapper with its modules and settings. */
  public JacksonPayloadSerializer(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /**
   * Uses a mapper with the modules on the class path, including the module for {@code java.time}.
   * Dates and times are ISO 8601 text.
   */
  public static JacksonPayloadSerializer withDefaults() {
    return new JacksonPayloadSerializer(
        JsonMapper.builder()
            .findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .build());
  }

  @Override
  public EventPayload.Json serialize(Object value) throws JsonProcessingException {
    return new EventPayload.Json(mapper.writeValueAsString(value));
  }
}
