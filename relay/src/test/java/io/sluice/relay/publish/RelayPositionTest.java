package io.sluice.relay.publish;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RelayPositionTest {

  @Test
  void comesBackFromKafkaAsItWas() {
    RelayPosition position =
        new RelayPosition(
            Map.of("file", "binlog.000007", "pos", 5_000_000_000L, "gtids", "u:1-9"), "u:10", 3);

    RelayPosition read = RelayPosition.fromJson(position.toJson());

    assertEquals(position.gtid(), read.gtid());
    assertEquals(position.rows(), read.rows());
    assertEquals(5_000_000_000L, read.offset().get("pos"));
    assertEquals("u:1-9", read.gtidSet());
  }

  @Test
  void leavesTheEnginesOwnCountersOut() {
    RelayPosition position =
        RelayPosition.first(Map.of("gtids", "u:1-9", "pos", 4L, "event", 7L, "row", 2));

    assertEquals(Map.of("gtids", "u:1-9", "pos", 4L), position.offset());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "nonsense",
        "null",
        "{}",
        "{\"version\":1,\"offset\":{\"gtids\":null},\"gtid\":\"\",\"rows\":0}",
        "{\"version\":2,\"offset\":{\"gtids\":\"u:1\"},\"gtid\":\"\",\"rows\":0}",
        "{\"version\":1,\"offset\":{\"pos\":4},\"gtid\":\"\",\"rows\":0}",
        "{\"version\":1,\"offset\":{\"gtids\":\"u:1\"},\"gtid\":\"\",\"rows\":-1}",
        "{\"version\":1,\"offset\":{\"gtids\":\"u:1\"},\"gtid\":\"\",\"rows\":0} trailing",
        "{\"version\":1,\"offset\":{\"gtids\":\"u:1\"},\"gtid\":\"\",\"rows\":0,\"more\":1}"
      })
  void refusesWhatItDidNotWrite(String json) {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> RelayPosition.fromJson(json.getBytes(StandardCharsets.UTF_8)));

    assertTrue(String.valueOf(refused.getMessage()).contains("position"), refused.getMessage());
  }
}
