package io.sluice.relay.record;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

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
}
