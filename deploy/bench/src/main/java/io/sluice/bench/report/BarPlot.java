package io.sluice.bench.report;

import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Result;
import io.sluice.bench.harness.Spread;

/**
 * A bar for each contender: the median, with a line from the least to the greatest value. A bar far
 * beyond ours is cut, and has an arrow.
 */
final class BarPlot {

  private static final int WIDTH = 880;
  private static final int LEFT = 320;
  private static final int RIGHT = 110;
  private static final int TOP = 44;
  private static final int ROW = 30;

  private static final double FAR_BEYOND = 6;

  private BarPlot() {}

  static String of(Findings findings) {
    Metric metric = findings.compared();
    double most = longest(findings, metric);
    int height = TOP + ROW * findings.results().size() + 30;
    double scale = (WIDTH - LEFT - RIGHT) / most;
    Svg svg = new Svg(WIDTH, height).title(findings.title());
    for (int i = 0; i < findings.results().size(); i++) {
      Result result = findings.results().get(i);
      double y = TOP + ROW * i;
      svg.text(LEFT - 10, y + 16, "end", result.contender());
      Spread.of(result.samples(), metric)
          .ifPresent(
              spread ->
                  bar(svg, y, scale, spread, result.contender().startsWith("Sluice"), metric));
    }
    return svg.text(LEFT, height - 12, "start", metric.heading()).end();
  }

  /** The greatest value that is not far beyond ours: a longer bar would hide all others. */
  private static double longest(Findings findings, Metric metric) {
    double limit =
        Spread.of(findings.results().get(0).samples(), metric).map(Spread::median).orElse(1.0)
            * FAR_BEYOND;
    return findings.results().stream()
        .flatMap(result -> Spread.of(result.samples(), metric).stream())
        .mapToDouble(spread -> Math.min(spread.greatest(), limit))
        .max()
        .orElse(limit);
  }

  private static void bar(
      Svg svg, double y, double scale, Spread spread, boolean isOurs, Metric metric) {
    double end = WIDTH - RIGHT;
    svg.bar(
        LEFT,
        y + 3,
        Math.min(spread.median() * scale, end - LEFT),
        ROW - 12,
        isOurs ? Svg.OURS : Svg.OTHERS);
    double greatest = LEFT + spread.greatest() * scale;
    String value = metric.format(spread.median());
    if (greatest > end + 1) {
      svg.text(end + 8, y + 16, "start", value + " →");
      return;
    }
    double middle = y + 3 + (ROW - 12) / 2.0;
    svg.line(LEFT + spread.least() * scale, middle, greatest, middle, Svg.INK, 1.5);
    svg.text(greatest + 8, y + 16, "start", value);
  }
}
