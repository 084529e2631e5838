package io.sluice.relay.state;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

  private static final ShardId ONE = ShardId.of("one");
  private static final ShardId TWO = ShardId.of("two");

  @Test
  void isEqualAfterFormattingAndParsing() {
    Position position =
        new Position(
            Position.offsetAt("binlog.000007", 5_000_000_000L, "u:1-9"),
            Map.of("u:10", Map.of(ONE, 3L, TWO, 1L), "v:1", Map.of(TWO, 7L)),
            "history",
            Optional.empty());

    Position read = Position.fromJson(position.toJson());

    assertEquals(position, read);
    assertEquals(5_000_000_000L, read.positionInFile());
    assertEquals(Optional.of("u:1-9"), read.gtidSet());
    assertEquals(7, read.published("v:1", TWO));
    assertEquals(0, read.published("v:1", ONE));
  }

  @Test
  void storesTheServerOfThePosition() {
    Position position = Position.first(Position.offsetAt("b.1", 4, ""), "h").on("a-uuid");

    Position read = Position.fromJson(position.toJson());

    assertEquals(Optional.of("a-uuid"), read.server());
    assertEquals(Optional.of("a-uuid"), read.advancedTo(position.offset(), Map.of()).server());
  }

  @Test
  void readsAndWritesPositionsWithoutAServerAsBefore() {
    String json =
        "{\"version\":2,\"offset\":{\"file\":\"b.1\",\"pos\":4},\"published\":{},\"history\":\"h\"}";

    Position position = Position.fromJson(json.getBytes(StandardCharsets.UTF_8));

    assertEquals(Optional.empty(), position.server());
    assertEquals(json, new String(position.toJson(), StandardCharsets.UTF_8));
  }

  @Test
  void omitsTheCountersOfTheEngine() {
    Position position =
        Position.first(
            Map.of("file", "b.1", "gtids", "u:1-9", "pos", 4L, "event", 7L, "row", 2), "history");

    assertEquals(Map.of("file", "b.1", "gtids", "u:1-9", "pos", 4L), position.offset());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "null",
        "{}",
        "{'version':2,'offset':{'file':null,'pos':4},'published':{},'history':'h'}",
        "{'version':2,'offset':{'pos':4},'published':{},'history':'h'}",
        "{'version':2,'offset':{'file':'b.1'},'published':{},'history':'h'}",
        "{'version':2,'offset':{'file':'b.1','pos':4},'history':'h'}",
        "{'version':2,'offset':{'file':'b.1','pos':4},'published':{}}",
        "{'version':1,'offset':{'file':'b.1','pos':4},'published':{},'history':'h'}",
        "{'version':2,'offset':{'file':'b.1','pos':4},'published':{'u:1':{'s':0}},'history':'h'}",
        "{'version':2,'offset':{'file':'b.1','pos':4},'published':{'u:1':null},'history':'h'}",
        "{'version':2,'offset':{'file':'b.1','pos':4},'published':{},'history':'h'} trailing",
        "{'version':2,'offset':{'file':'b.1','pos':4},'published':{},'history':'h','more':1}"
      })
  void refusesInvalidJson(String json) {
    byte[] bytes = json.replace('\'', '"').getBytes(StandardCharsets.UTF_8);

    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Position.fromJson(bytes));

    assertTrue(String.valueOf(refused.getMessage()).contains("position"), refused.getMessage());
  }
}
