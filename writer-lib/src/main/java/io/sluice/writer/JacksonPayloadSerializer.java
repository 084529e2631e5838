package io.sluice.writer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;

/**
 * Serialises payloads with a Jackson {@link ObjectMapper}. Thread-safe, as a configured mapper is.
 */
public final class JacksonPayloadSerializer implements PayloadSerializer {

  private final ObjectMapper mapper;

  /** Uses the service's own mapper, with its modules and settings. */
  public JacksonPayloadSerializer(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  /** Uses a mapper with the modules found on the class path, for instance for {@code java.time}. */
  public static JacksonPayloadSerializer withDefaults() {
    return new JacksonPayloadSerializer(new ObjectMapper().findAndRegisterModules());
  }

  @Override
  public String serialize(Object value) throws JsonProcessingException {
    return mapper.writeValueAsString(value);
  }
}
