package io.sluice.relay.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.config.Values;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"0s", "500ms", "30s", "10m", "12h", "7d"})
  void isWrittenAsInTheConfiguration(String text) {
    assertEquals(text, DurationText.of(Values.duration(text)));
  }

  @ParameterizedTest
  @CsvSource({"PT24H, 1d", "PT90S, 1m 30s", "PT25H3M20S, 1d 1h", "PT9.7S, 9s 700ms", "PT-30S, -30s"})
  void isShort(Duration duration, String text) {
    assertEquals(text, DurationText.of(duration));
  }
}
