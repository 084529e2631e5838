package io.sluice.writer.testkit;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.json.JsonMapper;

/**
 * JSON that is compared by value: ignores the order of members and white space; 1.50 equals 1.5.
 */
record JsonValue(JsonNode node) {

  private static final ObjectReader READER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build()
          .readerFor(JsonNode.class);

  /**
   * Parses an expected payload.
   *
   * @throws IllegalArgumentException if it is not JSON
   */
  static JsonValue of(String text) {
    try {
      return new JsonValue(READER.<JsonNode>readValue(text));
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(
          "the expected payload is not JSON: %s: correct it, or use payloadText"
              .formatted(e.getOriginalMessage()),
          e);
    }
  }

  boolean isEqualTo(String text) {
    try {
      return node.equals(JsonValue::compare, READER.<JsonNode>readValue(text));
    } catch (JsonProcessingException e) {
      return false;
    }
  }

  private static int compare(JsonNode one, JsonNode other) {
    if (one.isNumber() && other.isNumber()) {
      return one.decimalValue().compareTo(other.decimalValue());
    }
    return one.equals(other) ? 0 : 1;
  }
}
