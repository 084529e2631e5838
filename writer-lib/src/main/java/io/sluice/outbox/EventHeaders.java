package io.sluice.outbox;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Text headers of an event, such as W3C {@code traceparent} and {@code tracestate}, or a tenant.
 * They become Kafka record headers of the same names. Immutable.
 *
 * @param values values by name; names are neither blank nor reserved (see {@link RecordHeaders})
 */
public record EventHeaders(Map<String, String> values) {

  /** No headers; stored as SQL NULL. */
  public static final EventHeaders NONE = new EventHeaders(Map.of());

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Checks names and values.
   *
   * @throws IllegalArgumentException if a name is blank or reserved, a value is missing, or a text
   *     contains an unpaired surrogate
   */
  public EventHeaders {
    values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    values.forEach(EventHeaders::check);
  }

  private static void check(String name, String value) {
    if (name == null || name.isBlank()) {
      throw new IllegalArgumentException(
          "an event header has %s name: give it a name".formatted(name == null ? "no" : "a blank"));
    }
    if (RecordHeaders.isReserved(name)) {
      throw new IllegalArgumentException(
          "event header '%s' is set by Sluice itself: choose another name".formatted(name));
    }
    if (value == null) {
      throw new IllegalArgumentException(
          "event header '%s' has no value: leave the header out".formatted(name));
    }
    if (UnicodeText.indexOfHalfCharacter(name + value).isPresent()) {
      throw new IllegalArgumentException(
          "event header '%s' contains half a surrogate pair: it was cut inside a character"
              .formatted(name));
    }
  }

  /** Adds a header, or replaces its value. */
  public EventHeaders with(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(values);
    more.put(name, value);
    return new EventHeaders(more);
  }

  /** Whether there are no headers. */
  public boolean isEmpty() {
    return values.isEmpty();
  }

  /** The JSON object stored in the {@code headers} column. */
  public String toJson() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      for (Map.Entry<String, String> header : values.entrySet()) {
        json.writeStringField(header.getKey(), header.getValue());
      }
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("a string writer failed", e);
    }
    return text.toString();
  }

  /**
   * Parses the {@code headers} column. Skips reserved names, which Sluice would overwrite.
   *
   * @throws IllegalArgumentException if the text is not one JSON object of strings
   */
  public static EventHeaders fromJson(String json) {
    Map<String, String> values = new LinkedHashMap<>();
    try (JsonParser parser = JSON.createParser(json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        require(parser.nextToken() == JsonToken.VALUE_STRING);
        if (!RecordHeaders.isReserved(name)) {
          values.put(name, parser.getText());
        }
      }
      require(parser.nextToken() == null);
    } catch (IOException e) {
      throw notAnObjectOfStrings(e);
    }
    return values.isEmpty() ? NONE : new EventHeaders(values);
  }

  private static void require(boolean expected) {
    if (!expected) {
      throw notAnObjectOfStrings(null);
    }
  }

  // The message omits the text, because header values do not belong in logs.
  private static IllegalArgumentException notAnObjectOfStrings(@Nullable Throwable cause) {
    return new IllegalArgumentException(
        "event headers must be one JSON object whose values are strings,"
            + " such as {\"traceparent\":\"00-…\"}",
        cause);
  }

  /** Shows only the names, because values may be confidential. */
  @Override
  public String toString() {
    return values.keySet().toString();
  }
}
