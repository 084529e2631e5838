package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UtcTimeTest {

  @Test
  void readsWhatJavaReads() {
    List.of(
            "2026-03-29T01:30:00.123456Z",
            "2026-03-29T01:30:00.123456789Z",
            "2026-03-29T01:30:00.5Z",
            "2024-02-29T23:59:59Z",
            "0001-01-01T00:00:00Z",
            "2026-03-29T01:30:00.000Z",
            "2026-03-29T24:00:00Z",
            "2026-03-29T23:59:60Z",
            "+12026-03-29T01:30:00Z",
            "2026-03-29T01:30:00.123+02:00")
        .forEach(text -> assertEquals(Optional.of(Instant.parse(text)), UtcTime.parse(text)));
  }

  @Test
  void readsNothingElse() {
    List.of(
            "",
            "Z",
            "2026-02-30T01:30:00Z",
            "2026-03-29T25:30:00.123456Z",
            "2026-03-29 01:30:00.123456Z",
            "2026-03-29T01:30:00.123456",
            "2026-03-29T01:30:00.1234567890Z",
            "2026-03-29T01:30:0O.123456Z")
        .forEach(text -> assertEquals(Optional.empty(), UtcTime.parse(text)));
  }
}
