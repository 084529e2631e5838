package io.sluice.sandbox.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.sandbox.demo.SandboxMain.RateConverter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.TypeConversionException;

class RateConverterTest {

  @Test
  void readsEventsASecond() {
    assertEquals(250.0, new RateConverter().convert("250/s"));
    assertEquals(0.5, new RateConverter().convert("0.5"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "/s", "fast", "0/s", "-1", "10/m", "NaN", "Infinity"})
  void refusesAnythingElse(String text) {
    TypeConversionException refused =
        assertThrows(TypeConversionException.class, () -> new RateConverter().convert(text));

    assertTrue(String.valueOf(refused.getMessage()).contains("such as 250/s"));
  }
}
