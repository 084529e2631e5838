package io.sluice.bench.harness;

/** What a sample holds. */
public enum Metric {
  RATE("a second", 0, true),
  WARM_RATE("a second, second half", 0, true),
  CPU("CPU µs each", 1, false),
  LATENCY_MEDIAN("p50 ms", 1, false),
  LATENCY_99("p99 ms", 1, false),
  WRITTEN("written a second", 0, true),
  CORE_SHARE("% of a core", 1, false),
  THREADS("threads a shard", 1, false),
  LIVE_HEAP("live heap MB a shard", 1, false),
  RESIDENT("MB resident", 0, false),
  DUPLICATES("duplicates", 0, false),
  START("s to the first", 1, false),
  START_CPU("CPU s until then", 1, false),
  PEAK_MEMORY("peak MB resident", 0, false);

  private final String heading;
  private final int decimals;
  private final boolean isMoreBetter;

  Metric(String heading, int decimals, boolean isMoreBetter) {
    this.heading = heading;
    this.decimals = decimals;
    this.isMoreBetter = isMoreBetter;
  }

  /** The name with its unit, as the head of a column. */
  public String heading() {
    return heading;
  }

  /** A value with the digits that matter. */
  public String format(double value) {
    return String.format("%,." + decimals + "f", value);
  }

  /** How many times better the first value is than the second. */
  public double advantage(double ours, double theirs) {
    return isMoreBetter ? ours / theirs : theirs / ours;
  }
}
