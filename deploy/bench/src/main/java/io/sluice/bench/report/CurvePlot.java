package io.sluice.bench.report;

import io.sluice.bench.harness.Curve;
import io.sluice.bench.harness.Curve.Point;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Cost relative to the beginning of the curve, with the accepted limit. The places are equidistant.
 */
final class CurvePlot {

  private static final int WIDTH = 760;
  private static final int HEIGHT = 320;
  private static final int LEFT = 60;
  private static final int RIGHT = 130;
  private static final int TOP = 44;
  private static final int BOTTOM = 56;

  private final Curve curve;
  private final double most;
  private final Svg svg;

  private CurvePlot(Curve curve) {
    this.curve = curve;
    this.most =
        curve.points().stream()
            .mapToDouble(point -> Math.max(curve.cpuGrowth(point), curve.timeGrowth(point)))
            .reduce(1.5, Math::max);
    this.svg = new Svg(WIDTH, HEIGHT);
  }

  static String of(Curve curve) {
    return new CurvePlot(curve).draw();
  }

  private String draw() {
    svg.title(
        "%s: cost of a%s relative to the beginning"
            .formatted(
                curve.title(), curve.unit().equals("event") ? "n event" : " " + curve.unit()));
    double step = most > 10 ? 5 : most > 4 ? 1 : 0.5;
    for (double tick = 0; tick <= most; tick += step) {
      svg.line(LEFT, y(tick), WIDTH - RIGHT, y(tick), Svg.GRID, 1);
      svg.text(LEFT - 8, y(tick) + 4, "end", "%.1f×".formatted(tick));
    }
    svg.line(LEFT, y(Curve.LIMIT), WIDTH - RIGHT, y(Curve.LIMIT), Svg.LIMIT, 1);
    svg.text(WIDTH - RIGHT + 8, y(Curve.LIMIT) + 4, "start", "%.1f× limit".formatted(Curve.LIMIT));
    for (int i = 0; i < curve.points().size(); i++) {
      svg.text(x(i), HEIGHT - BOTTOM + 20, "middle", "%,.0f".formatted(curve.points().get(i).x()));
    }
    svg.text((LEFT + WIDTH - RIGHT) / 2.0, HEIGHT - 12, "middle", curve.axis());
    series(curve::timeGrowth, Svg.OTHERS);
    series(curve::cpuGrowth, Svg.OURS);
    svg.dot(LEFT + 6, HEIGHT - 16, Svg.OURS).text(LEFT + 16, HEIGHT - 12, "start", "CPU time");
    svg.dot(LEFT + 92, HEIGHT - 16, Svg.OTHERS).text(LEFT + 102, HEIGHT - 12, "start", "time");
    return svg.end();
  }

  private void series(ToDoubleFunction<Point> growth, String colour) {
    List<Point> points = curve.points();
    for (int i = 0; i < points.size(); i++) {
      double y = y(growth.applyAsDouble(points.get(i)));
      if (i > 0) {
        svg.line(x(i - 1), y(growth.applyAsDouble(points.get(i - 1))), x(i), y, colour, 2);
      }
      svg.dot(x(i), y, colour);
    }
  }

  private double x(int place) {
    double width = WIDTH - LEFT - RIGHT - 60;
    return LEFT + 30 + width * place / Math.max(1, curve.points().size() - 1);
  }

  private double y(double growth) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * growth / (most * 1.05);
  }
}
