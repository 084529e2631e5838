package io.sluice.bench.harness;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Median, least and greatest of a metric over several rounds.
 *
 * @param median the middle value, or the mean of the two middle ones
 */
public record Spread(double median, double least, double greatest) {

  /** The spread of values, of which there is at least one. */
  public static Spread of(double... values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    double median =
        sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    return new Spread(median, sorted[0], sorted[sorted.length - 1]);
  }

  /** The spread of a metric, unless no sample has it. */
  public static Optional<Spread> of(List<Sample> samples, Metric metric) {
    double[] values =
        samples.stream().flatMapToDouble(sample -> sample.value(metric).stream()).toArray();
    return values.length == 0 ? Optional.empty() : Optional.of(of(values));
  }
}
