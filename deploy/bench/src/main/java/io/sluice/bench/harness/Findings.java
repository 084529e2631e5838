package io.sluice.bench.harness;

import java.util.List;

/**
 * The results of a measurement.
 *
 * @param name the name of the measurement, and of its files
 * @param title what was measured, and how much of it
 * @param compared by which metric the contenders are compared
 * @param results those of the contenders, ours first
 */
public record Findings(String name, String title, Metric compared, List<Result> results)
    implements Report {
  public Findings {
    results = List.copyOf(results);
  }
}
