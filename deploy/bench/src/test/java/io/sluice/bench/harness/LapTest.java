package io.sluice.bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LapTest {

  private final double cpu = 1;

  @Test
  void eventsOfTheFirstLookBelongToTheStart() {
    Lap lap = new Lap(100, () -> cpu);
    long begin = System.nanoTime();
    lap.at(20, begin, 7);
    lap.at(60, begin + 500_000_000, 7.4);
    lap.at(100, begin + 2_000_000_000, 8);
    Sample sample = lap.sample();
    assertEquals(7, sample.value(Metric.START_CPU).orElseThrow());
    // One second of CPU time, and two of time, for 80 events
    assertEquals(12_500, sample.value(Metric.CPU).orElseThrow(), 0.001);
    assertEquals(40, sample.value(Metric.RATE).orElseThrow(), 0.001);
    assertEquals(40 / 1.5, sample.value(Metric.WARM_RATE).orElseThrow(), 0.001);
  }

  @Test
  void lapWithoutALookInTheMiddleHasNoSecondHalf() {
    Lap lap = new Lap(100, () -> cpu);
    long begin = System.nanoTime();
    lap.at(20, begin, 7);
    lap.at(100, begin + 2_000_000_000, 8);
    assertTrue(lap.sample().value(Metric.WARM_RATE).isEmpty());
  }

  @Test
  void lapThatIsTooShortFails() {
    Lap lap = new Lap(100, () -> cpu);
    lap.at(100);
    assertTrue(lap.isDone());
    assertMessage(lap, "too short to be timed");
  }

  @Test
  void unfinishedLapHasNoSample() {
    Lap lap = new Lap(100, () -> cpu);
    lap.at(99);
    assertFalse(lap.isDone());
    assertMessage(lap, "only 99 of 100");
  }

  private static void assertMessage(Lap lap, String part) {
    String failure = assertThrows(IllegalStateException.class, lap::sample).toString();
    assertTrue(failure.contains(part), failure);
  }
}
