package io.sluice.bench.report;

import io.sluice.bench.harness.Curve;
import io.sluice.bench.harness.Curve.Point;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Report;
import io.sluice.bench.harness.Result;
import io.sluice.bench.harness.Spread;
import java.util.Arrays;
import java.util.List;

/** The results of a measurement as a table: medians, with the least and the greatest value. */
public final class Markdown {

  private Markdown() {}

  /** A heading and a table. */
  public static String of(Report report) {
    if (report instanceof Curve curve) {
      return of(curve);
    }
    return of((Findings) report);
  }

  private static String of(Curve curve) {
    StringBuilder text = new StringBuilder("### ").append(curve.title()).append("\n\n");
    text.append(
        "| %s | events/s | CPU µs/%2$s | against the first | µs/%2$s | against the first |\n"
            .formatted(curve.axis(), curve.unit()));
    text.append("|---:|---:|---:|---:|---:|---:|\n");
    for (Point point : curve.points()) {
      text.append(
          "| %,.0f | %,.0f | %.1f | %.2f× | %.1f | %.2f× |\n"
              .formatted(
                  point.x(),
                  1e6 / (point.time() * point.units()),
                  point.cpu(),
                  curve.cpuGrowth(point),
                  point.time(),
                  curve.timeGrowth(point)));
    }
    return text.append('\n').toString();
  }

  private static String of(Findings findings) {
    List<Metric> metrics =
        Arrays.stream(Metric.values())
            .filter(metric -> findings.results().stream().anyMatch(result -> has(result, metric)))
            .toList();
    StringBuilder text = new StringBuilder("### ").append(findings.title()).append("\n\n|");
    metrics.forEach(metric -> text.append(" | ").append(metric.heading()));
    text.append(" | Sluice is |\n|---").append("|---:".repeat(metrics.size() + 1)).append("|\n");
    for (Result result : findings.results()) {
      text.append("| ").append(result.contender());
      metrics.forEach(metric -> text.append(" | ").append(cell(result, metric)));
      text.append(" | ").append(advantage(findings, result)).append(" |\n");
    }
    return text.append('\n').toString();
  }

  private static boolean has(Result result, Metric metric) {
    return Spread.of(result.samples(), metric).isPresent();
  }

  private static String cell(Result result, Metric metric) {
    return Spread.of(result.samples(), metric).map(spread -> cell(spread, metric)).orElse("–");
  }

  private static String cell(Spread spread, Metric metric) {
    String median = metric.format(spread.median());
    return spread.least() == spread.greatest()
        ? median
        : "%s (%s–%s)"
            .formatted(median, metric.format(spread.least()), metric.format(spread.greatest()));
  }

  private static String advantage(Findings findings, Result result) {
    if (result.equals(findings.results().get(0))) {
      return "";
    }
    Metric metric = findings.compared();
    return Spread.of(findings.results().get(0).samples(), metric)
        .flatMap(
            ours ->
                Spread.of(result.samples(), metric)
                    .map(theirs -> metric.advantage(ours.median(), theirs.median())))
        .map(times -> "%.2f×".formatted(times))
        .orElse("–");
  }
}
