package io.sluice.bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpreadTest {

  @Test
  void medianOfAnOddNumberIsTheMiddleValue() {
    assertEquals(new Spread(3, 1, 9), Spread.of(9, 1, 3));
  }

  @Test
  void medianOfAnEvenNumberIsBetweenTheMiddleValues() {
    assertEquals(new Spread(3, 1, 9), Spread.of(9, 1, 2, 4));
  }

  @Test
  void samplesWithoutTheMetricHaveNoSpread() {
    List<Sample> samples = List.of(new Sample(Map.of(Metric.CPU, 1.0)));
    assertTrue(Spread.of(samples, Metric.RATE).isEmpty());
  }

  @Test
  void valueThatIsNoNumberIsRefused() {
    Map<Metric, Double> values = Map.of(Metric.CPU, Double.NaN);
    assertThrows(IllegalArgumentException.class, () -> new Sample(values));
  }
}
