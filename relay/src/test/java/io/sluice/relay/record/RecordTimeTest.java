package io.sluice.relay.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordTimeTest {

  private static final Instant NOW = Instant.parse("2026-05-05T12:00:00Z");

  private static Instant of(Duration sinceCreation) {
    return Instant.ofEpochMilli(RecordTime.of(NOW.minus(sinceCreation), NOW));
  }

  @Test
  void aRecordIsNeitherOldNorAhead() {
    assertEquals(NOW.minusSeconds(59), of(Duration.ofSeconds(59)));
    assertEquals(NOW, of(Duration.ofSeconds(61)));
    assertEquals(NOW, of(Duration.ofDays(1_000_000)));
    assertEquals(NOW, of(Duration.ofMillis(-1)));
    assertEquals(NOW, of(Duration.ofHours(-14)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "2026-05-05T12:00:00Z",
        "2026-05-05T12:00:01Z",
        "2026-05-05T12:01:00.100Z",
        "2026-05-05T12:00:00.000001Z",
        "1969-12-31T23:59:00Z",
        "2026-05-05T12:00:00.010Z",
        "2026-05-05T12:00:00.001002003Z",
        "2026-05-05T12:00:00.000000900Z",
        "1000-01-01T00:00:00Z",
        "0000-01-01T00:00:00Z",
        "-0001-01-01T00:00:00Z",
        "+10000-01-01T00:00:00.500Z",
        "9999-12-31T23:59:59.999999Z"
      })
  void aTimeIsWrittenLikeAnInstant(String text) {
    assertEquals(text, RecordTime.text(Instant.parse(text)));
    assertEquals(Instant.parse(text).toString(), RecordTime.text(Instant.parse(text)));
  }
}
