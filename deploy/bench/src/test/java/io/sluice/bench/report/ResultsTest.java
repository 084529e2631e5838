package io.sluice.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.bench.harness.Curve;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Metric;
import io.sluice.bench.harness.Report;
import io.sluice.bench.harness.Result;
import io.sluice.bench.harness.Sample;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ResultsTest {

  private static final Report COMPARISON =
      new Findings(
          "drain",
          "Drain of <many> rows & more",
          Metric.RATE,
          List.of(
              new Result("Sluice", samples(Metric.RATE, 90_000, 80_000, 100_000)),
              new Result("Other", samples(Metric.RATE, 30_000))));

  @TempDir private Path folder;

  private static List<Sample> samples(Metric metric, double... values) {
    return Arrays.stream(values).mapToObj(value -> new Sample(Map.of(metric, value))).toList();
  }

  @Test
  void tableHasMedianSpreadAndAdvantage() {
    String table = Markdown.of(COMPARISON);
    assertTrue(table.contains("| Sluice | 90,000 (80,000–100,000) |  |"), table);
    assertTrue(table.contains("| Other | 30,000 | 3.00× |"), table);
  }

  @Test
  void lowerCostIsAnAdvantage() {
    assertEquals(4, Metric.CPU.advantage(10, 40));
  }

  @Test
  void curveIsRelativeToItsBeginning() {
    assertTrue(
        Markdown.of(curve()).contains("| 1,000 | 50,000 | 30.0 | 1.50× | 20.0 | 2.00× |"),
        Markdown.of(curve()));
  }

  private static Report curve() {
    return new Curve(
        "curve",
        "Drain",
        "rows",
        "event",
        List.of(point(10, 100_000, 20), point(1_000, 50_000, 30)));
  }

  private static Curve.Point point(double x, double rate, double cpu) {
    return new Curve.Point(x, 1, List.of(new Sample(Map.of(Metric.RATE, rate, Metric.CPU, cpu))));
  }

  @Test
  void plotsAreWellFormed() throws Exception {
    Results results = new Results(folder, "machine");
    for (Report report : List.of(COMPARISON, curve())) {
      results.add(report);
      DocumentBuilderFactory.newInstance()
          .newDocumentBuilder()
          .parse(folder.resolve(report.name() + ".svg").toFile());
    }
    String text = Files.readString(folder.resolve("results.md"));
    assertTrue(text.startsWith("machine\n\n### Drain of <many>"), text);
    assertTrue(text.contains("![Drain](curve.svg)"), text);
  }
}
