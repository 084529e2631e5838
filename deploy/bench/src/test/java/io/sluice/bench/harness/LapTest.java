package io.sluice.bench.harness;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class LapTest {

  private double cpu;

  @Test
  void eventsOfTheFirstLookBelongToTheStart() {
    Lap lap = new Lap(100, () -> cpu);
    cpu = 7;
    lap.at(20);
    cpu = 7.4;
    lap.at(60);
    cpu = 8;
    lap.at(100);
    Sample sample = lap.sample();
    assertEquals(7, sample.value(Metric.START_CPU).orElseThrow());
    // One second of CPU time for 80 events
    assertEquals(12_500, sample.value(Metric.CPU).orElseThrow(), 0.001);
  }

  @Test
  void unfinishedLapHasNoSample() {
    Lap lap = new Lap(100, () -> cpu);
    lap.at(99);
    assertFalse(lap.isDone());
    assertThrows(IllegalStateException.class, lap::sample);
    lap.at(100);
    assertTrue(lap.isDone());
  }
}
