package io.sluice.bench;

import io.sluice.bench.handlers.HandlerMeasurements;
import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.BenchOptions;
import io.sluice.bench.harness.Measurement;
import io.sluice.bench.harness.Report;
import io.sluice.bench.relay.Drain;
import io.sluice.bench.relay.DrainCurves;
import io.sluice.bench.relay.Idle;
import io.sluice.bench.relay.Latency;
import io.sluice.bench.report.Markdown;
import io.sluice.bench.report.Results;
import io.sluice.bench.writer.BusinessTransaction;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code deploy/bench/run}. */
@Command(
    name = "deploy/bench/run",
    sortOptions = false,
    description = {
      "Measures the relay and the handlers beside other ways to do the same, in turn, on a real"
          + " MySQL and a real Kafka on this machine. Prints a table, and writes it to"
          + " deploy/bench/target/bench/results.",
      ""
    })
public final class BenchMain implements Callable<Integer> {

  private static final int ROUNDS = 3;

  /** What a quick run leaves out differs from what it measures only in its data. */
  private static final Set<String> LEFT_OUT_BY_QUICK =
      Set.of(
          "drain-transactions",
          "drain-statements",
          "latency-1000",
          "curve-backlog",
          "curve-row-size",
          "curve-transaction",
          "curve-foreign",
          "curve-gtids",
          "curve-buffer");

  @Spec private CommandSpec spec;

  @Option(
      names = "--only",
      paramLabel = "NAME",
      description = "Measure only this; may be repeated. See --list.")
  private List<String> only = new ArrayList<>();

  @Option(
      names = "--quick",
      description = "Measure little of most things once, to see that it works. Proves no speed.")
  private boolean quick;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "Rounds of each contender that count. Default: 3. Curves and idle run once.")
  private @Nullable Integer rounds;

  @Option(
      names = "--baseline",
      paramLabel = "DIR",
      description =
          "Another checkout in which deploy/bench/run was built, as a further contender: what a"
              + " change has gained.")
  private @Nullable Path baseline;

  @Option(
      names = "--debezium-server",
      paramLabel = "DIR",
      description = "An unpacked Debezium Server with its Kafka sink, as a further contender.")
  private @Nullable Path debeziumServer;

  @Option(names = "--list", description = "List the names for --only, and exit.")
  private boolean list;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  /** All measurements, in the order of a run. */
  static List<Measurement> all() {
    List<Measurement> all = new ArrayList<>(Drain.all());
    all.add(new Latency(100));
    all.add(new Latency(1_000));
    all.add(new BusinessTransaction());
    all.addAll(HandlerMeasurements.all());
    all.add(new Idle());
    all.addAll(DrainCurves.all());
    all.add(HandlerMeasurements.bufferCurve());
    return all;
  }

  @Override
  public Integer call() throws Exception {
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    List<Measurement> chosen = chosen();
    if (list) {
      chosen.forEach(measurement -> out.println(measurement.name()));
      return 0;
    }
    BenchOptions options = options();
    out.println(estimate(chosen, options));
    List<String> failed = new ArrayList<>();
    try (Bench bench = Bench.open(options, out)) {
      String machine = machine(bench);
      out.println(machine);
      Path folder = options.root().resolve("deploy/bench/target/bench/results");
      Results results = new Results(folder, machine);
      for (Measurement measurement : chosen) {
        if (!measure(measurement, bench, results, out)) {
          failed.add(measurement.name());
        }
      }
      out.println("Results with plots: " + folder);
    }
    failed.forEach(name -> out.println("failed: " + name));
    return failed.isEmpty() ? 0 : 1;
  }

  /** For two cores, with the contenders of a run without further ones. */
  static String estimate(List<Measurement> chosen, BenchOptions options) {
    List<String> names = chosen.stream().map(Measurement::name).toList();
    long minutes =
        options.isQuick()
            ? Estimate.quickMinutes(names.size())
            : Estimate.minutes(names, options.rounds());
    return "About %d min for %d measurements on two cores that do nothing else"
        .formatted(minutes, names.size());
  }

  /**
   * A failure of one measurement does not end the others.
   *
   * @return whether it could be measured
   */
  private static boolean measure(
      Measurement measurement, Bench bench, Results results, PrintStream out)
      throws InterruptedException {
    out.printf("%n%s%n", measurement.name());
    try {
      Report report = measurement.run(bench);
      results.add(report);
      out.printf("%n%s", Markdown.of(report));
      return true;
    } catch (InterruptedException e) {
      throw e;
    } catch (Exception e) {
      e.printStackTrace(out);
      return false;
    }
  }

  private List<Measurement> chosen() {
    List<Measurement> all = all();
    for (String name : only) {
      if (all.stream().noneMatch(measurement -> measurement.name().equals(name))) {
        throw new ParameterException(
            spec.commandLine(),
            "--only %s: there is %s"
                .formatted(
                    name, all.stream().map(Measurement::name).collect(Collectors.joining(", "))));
      }
    }
    return all.stream().filter(measurement -> isChosen(measurement.name())).toList();
  }

  private boolean isChosen(String name) {
    return only.isEmpty() ? !quick || !LEFT_OUT_BY_QUICK.contains(name) : only.contains(name);
  }

  private BenchOptions options() {
    if (rounds != null && rounds < 1) {
      throw new ParameterException(
          spec.commandLine(), "--rounds %d: at least one round must count".formatted(rounds));
    }
    return new BenchOptions(
        Path.of(System.getProperty("sluice.bench.root", "")).toAbsolutePath(),
        rounds != null ? rounds : quick ? 1 : ROUNDS,
        quick,
        Optional.ofNullable(baseline).map(Path::toAbsolutePath),
        Optional.ofNullable(debeziumServer).map(Path::toAbsolutePath));
  }

  private static String machine(Bench bench) {
    return "%s, on %d cores with %s %s; %s"
        .formatted(
            bench.servers().description(),
            Runtime.getRuntime().availableProcessors(),
            System.getProperty("java.vm.name"),
            System.getProperty("java.version"),
            bench.options().isQuick()
                ? "a quick run, which proves no speed"
                : "medians of %d rounds (least–greatest)".formatted(bench.options().rounds()));
  }

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    Locale.setDefault(Locale.ROOT);
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new BenchMain()).setUsageHelpWidth(100);
  }
}
