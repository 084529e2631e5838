package io.sluice.relay.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.config.Values;
import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

  @ParameterizedTest
  @ValueSource(strings = {"0s", "500ms", "1500ms", "30s", "90s", "10m", "100m", "12h", "25h", "7d"})
  void isWrittenAsInTheConfiguration(String text) {
    assertEquals(text, DurationText.of(Values.duration(text)));
  }

  @ParameterizedTest
  @CsvSource({"PT1M, 1m", "PT24H, 1d", "PT29.714S, 29s", "PT9.714S, 9714ms", "PT-30S, -30s"})
  void isShort(Duration duration, String text) {
    assertEquals(text, DurationText.of(duration));
  }
}
