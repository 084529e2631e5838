package io.sluice.outbox;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventHeadersTest {

  @Test
  void jsonRoundTrip() {
    EventHeaders headers = EventHeaders.NONE.with("tenant", "a \"b\" 😀").with("empty", "");

    assertEquals(headers, EventHeaders.fromJson(headers.toJson()));
  }

  @Test
  void anEmptyObjectIsNoHeaders() {
    assertEquals(EventHeaders.NONE, EventHeaders.fromJson("{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{\"a\":1}",
        "{\"a\":{}}",
        "{\"a\":null}",
        "{} {}",
        "{\"a\":\"b\""
      })
  void refusesWhatIsNotAnObjectOfStrings(String json) {
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> EventHeaders.fromJson(json));

    assertTrue(String.valueOf(refused.getMessage()).contains("one JSON object"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"id", "eventType", "aggregateId", "outbox-shard", "outbox-anything", " "})
  void refusesReservedNames(String name) {
    assertThrows(IllegalArgumentException.class, () -> new EventHeaders(Map.of(name, "x")));
  }

  @Test
  void fromJsonSkipsReservedNames() {
    EventHeaders read =
        EventHeaders.fromJson("{\"id\":\"x\",\"tenant\":\"t\",\"outbox-redrive\":\"1\"}");

    assertEquals(Map.of("tenant", "t", "outbox-redrive", "1"), read.values());
  }

  @Test
  void toStringOmitsValues() {
    assertFalse(EventHeaders.NONE.with("token", "secret").toString().contains("secret"));
  }
}
