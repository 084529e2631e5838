package io.sluice.bench.harness;

import java.util.List;

/**
 * How the cost of an event changes as something grows.
 *
 * @param axis what grows
 * @param unit what the cost is compared for, such as an event
 * @param points in the order of growth
 */
public record Curve(String name, String title, String axis, String unit, List<Point> points)
    implements Report {

  /** The growth that is accepted. */
  public static final double LIMIT = 1.3;

  public Curve {
    points = List.copyOf(points);
  }

  /**
   * A place on the curve.
   *
   * @param x how much of it there is
   * @param units how many units an event is
   * @param samples one for each round
   */
  public record Point(double x, double units, List<Sample> samples) {
    public Point {
      samples = List.copyOf(samples);
    }

    /** CPU time of a unit, in microseconds. */
    public double cpu() {
      return median(Metric.CPU) / units;
    }

    /** Time of a unit, in microseconds. */
    public double time() {
      return 1e6 / median(Metric.RATE) / units;
    }

    private double median(Metric metric) {
      return Spread.of(samples, metric).orElseThrow().median();
    }
  }

  /** CPU time of a unit, relative to the beginning of the curve. */
  public double cpuGrowth(Point point) {
    return point.cpu() / points.get(0).cpu();
  }

  /** Time of a unit, relative to the beginning of the curve. */
  public double timeGrowth(Point point) {
    return point.time() / points.get(0).time();
  }
}
