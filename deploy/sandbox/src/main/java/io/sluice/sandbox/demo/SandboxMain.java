package io.sluice.sandbox.demo;

import io.sluice.sandbox.server.SandboxServers;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code deploy/sandbox/run}. */
@Command(
    name = "deploy/sandbox/run",
    sortOptions = false,
    description = {
      "Runs Sluice as a whole on this machine: a real MySQL with several databases, a real Kafka,"
          + " the relay, handler workers, and a trading back end that writes events with its data;"
          + " then counts, from tables and topics, whether an event, or the effect of its handler,"
          + " was lost or doubled.",
      ""
    },
    footer = {
      "",
      "Servers are those the environment names, else Docker's, else those of this machine:",
      "  SLUICE_SANDBOX_MYSQL   environment | docker | path | debian   forces where MySQL comes from",
      "  SLUICE_SANDBOX_KAFKA   environment | docker | maven           the same for Kafka",
      "  SLUICE_SANDBOX_MYSQL_URL, _USER, _PASSWORD                    a MySQL of yours (jdbc:mysql://…)",
      "  SLUICE_SANDBOX_KAFKA_BOOTSTRAP                                a Kafka of yours (host:port)"
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:nothing lost, nothing doubled, every event PUBLISHED or FAILED",
      "  1:otherwise, or the run could not be done",
      "  2:wrong usage",
      "130:ended by Ctrl-C; everything is cleaned up"
    })
public final class SandboxMain implements Callable<Integer> {

  private static final int MAX_SHARDS = 100;
  private static final int MAX_RELAYS = 10;
  private static final int MAX_WORKERS = 10;

  @Spec private CommandSpec spec;

  @Option(
      names = "--events",
      paramLabel = "N",
      defaultValue = "2000",
      description = "Events to write. Default: ${DEFAULT-VALUE}.")
  private long events;

  @Option(
      names = "--shards",
      paramLabel = "N",
      defaultValue = "2",
      description = "Databases beside the global one. Default: ${DEFAULT-VALUE}.")
  private int shards;

  @Option(
      names = "--rate",
      paramLabel = "N/s",
      defaultValue = "250/s",
      converter = RateConverter.class,
      description = "Events a second. Default: ${DEFAULT-VALUE}.")
  private double rate;

  @Option(
      names = "--relays",
      paramLabel = "N",
      defaultValue = "1",
      description = "Relay processes of one group. Default: ${DEFAULT-VALUE}.")
  private int relays;

  @Option(
      names = "--workers",
      paramLabel = "N",
      description =
          "Handler worker processes of one group. Default: 1, or 2 where something is killed.")
  private @Nullable Integer workers;

  @Option(
      names = "--kills",
      paramLabel = "K",
      defaultValue = "0",
      description =
          "Kill (SIGKILL) a relay, a worker, MySQL or Kafka so many times while events are written,"
              + " and start it again. Default: ${DEFAULT-VALUE}.")
  private int kills;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description =
          "Seed of the random schedule of kills. Default: a random seed, which"
              + " the run prints.")
  private long seed = ThreadLocalRandom.current().nextLong(1_000_000_000);

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help and exit.")
  @SuppressWarnings("unused") // picocli acts on it
  private boolean help;

  @Option(
      names = "--keep",
      description = "Stay up at the end, and say how to look around; ends with Ctrl-C.")
  private boolean keep;

  @Override
  public Integer call() throws Exception {
    requireWithin("--events", events, 1, Long.MAX_VALUE);
    requireWithin("--shards", shards, 1, MAX_SHARDS);
    requireWithin("--relays", relays, 1, MAX_RELAYS);
    int workerCount = workers != null ? workers : kills > 0 ? 2 : 1;
    requireWithin("--workers", workerCount, 1, MAX_WORKERS);
    requireWithin("--kills", kills, 0, Integer.MAX_VALUE);
    Path relay = Path.of(System.getProperty("sluice.sandbox.relay", ""));
    if (!Files.isRegularFile(relay) || !Files.isExecutable(relay)) {
      throw refusal(
          "the relay's distribution is not at '%s': start with deploy/sandbox/run, which builds it"
              .formatted(relay));
    }
    if (kills > 0) {
      requireServersToKill();
    }
    PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
    SandboxOptions options =
        new SandboxOptions(events, shards, rate, relays, workerCount, kills, seed, keep);
    return new SandboxRun(options, relay, out).run() ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void requireWithin(String option, long value, long least, long most) {
    if (value < least) {
      throw refusal("%s is %d: it must be %d or more".formatted(option, value, least));
    }
    if (value > most) {
      throw refusal("%s is %d: at most %d".formatted(option, value, most));
    }
  }

  private void requireServersToKill() {
    List<String> foreign = SandboxServers.foreign();
    if (!foreign.isEmpty()) {
      throw refusal(
          "--kills needs servers that the sandbox starts, but the environment names one for %s: unset"
                  .formatted(String.join(" and one for ", foreign))
              + " it or force another way (both below), or leave --kills out");
    }
  }

  private ParameterException refusal(String message) {
    return new ParameterException(spec.commandLine(), message);
  }

  /** Runs the command and ends the process. */
  public static void main(String[] arguments) {
    System.exit(commandLine().execute(arguments));
  }

  static CommandLine commandLine() {
    return new CommandLine(new SandboxMain())
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler(new FailureReport());
  }

  /** Reads {@code 250/s} or {@code 250}. */
  static final class RateConverter implements ITypeConverter<Double> {
    @Override
    public Double convert(String text) {
      String number = text.endsWith("/s") ? text.substring(0, text.length() - 2) : text;
      try {
        double rate = Double.parseDouble(number);
        if (rate > 0 && Double.isFinite(rate)) {
          return rate;
        }
      } catch (NumberFormatException e) {
        throw refusal(text);
      }
      throw refusal(text);
    }

    private static TypeConversionException refusal(String text) {
      return new TypeConversionException(
          "'%s' is not a rate: give events a second, such as 250/s".formatted(text));
    }
  }
}
