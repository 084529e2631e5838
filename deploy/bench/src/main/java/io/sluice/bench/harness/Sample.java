package io.sluice.bench.harness;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;

/** What one run of one contender has measured. Immutable. */
public final class Sample {

  private final Map<Metric, Double> values;

  /** Creates a sample of some metrics. */
  @JsonCreator
  public Sample(Map<Metric, Double> values) {
    this.values = new EnumMap<>(Metric.class);
    values.forEach(
        (metric, value) -> {
          if (!Double.isFinite(value)) {
            throw new IllegalArgumentException(
                "%s is %s: it could not be measured".formatted(metric, value));
          }
          this.values.put(metric, value);
        });
  }

  /** The metrics with their values, in the order of the metrics. */
  @JsonValue
  public Map<Metric, Double> values() {
    return new EnumMap<>(values);
  }

  public OptionalDouble value(Metric metric) {
    Double value = values.get(metric);
    return value == null ? OptionalDouble.empty() : OptionalDouble.of(value);
  }

  /** The part of this sample with these metrics. */
  public Sample only(Metric... metrics) {
    Map<Metric, Double> fewer = values();
    fewer.keySet().retainAll(List.of(metrics));
    return new Sample(fewer);
  }

  /** This sample with a further metric. */
  public Sample with(Metric metric, double value) {
    Map<Metric, Double> more = values();
    more.put(metric, value);
    return new Sample(more);
  }
}
