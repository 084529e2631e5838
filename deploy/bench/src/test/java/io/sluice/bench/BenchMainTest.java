package io.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.harness.BenchOptions;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class BenchMainTest {

  private static String estimate(int rounds, boolean isQuick) {
    BenchOptions options =
        new BenchOptions(Path.of("."), rounds, isQuick, Optional.empty(), Optional.empty());
    return BenchMain.estimate(BenchMain.all(), options);
  }

  @Test
  void everyMeasurementHasAnEstimate() {
    String full = estimate(3, false);
    assertTrue(full.contains("min for " + BenchMain.all().size() + " measurements"), full);
  }

  @Test
  void quickRunIsEstimatedByItsNumberOfMeasurements() {
    assertEquals(
        "About 1 min for 2 measurements on two cores that do nothing else",
        BenchMain.estimate(
            BenchMain.all().subList(0, 2),
            new BenchOptions(Path.of("."), 0, true, Optional.empty(), Optional.empty())));
  }
}
