package io.sluice.bench.report;

import io.sluice.bench.harness.Curve;
import io.sluice.bench.harness.Findings;
import io.sluice.bench.harness.Report;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The folder with the results: {@code results.md}, and a plot of each measurement. It is complete
 * after each measurement, so that a run can be ended early.
 */
public final class Results {

  private final Path folder;
  private final StringBuilder text;

  /**
   * Begins the results.
   *
   * @param head the machine and the versions
   */
  public Results(Path folder, String head) {
    this.folder = folder;
    this.text = new StringBuilder(head).append("\n\n");
  }

  /** Adds a measurement. */
  public void add(Report report) throws IOException {
    Files.createDirectories(folder);
    String image = report.name() + ".svg";
    Files.writeString(folder.resolve(image), plot(report));
    text.append(Markdown.of(report));
    text.append("![%s](%s)\n\n".formatted(report.title(), image));
    Files.writeString(folder.resolve("results.md"), text);
  }

  private static String plot(Report report) {
    if (report instanceof Curve curve) {
      return CurvePlot.of(curve);
    }
    return BarPlot.of((Findings) report);
  }
}
