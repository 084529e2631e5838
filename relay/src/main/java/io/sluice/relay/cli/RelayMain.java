package io.sluice.relay.cli;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayWiring;
import io.sluice.relay.admin.Doctor;
import io.sluice.relay.admin.Doctor.Diagnosis;
import io.sluice.relay.admin.Provisioned;
import io.sluice.relay.config.ConfigException;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.config.Values;
import io.sluice.relay.preflight.Finding.Severity;
import io.sluice.relay.shard.RelayException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.apache.kafka.common.KafkaException;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code sluice-relay}, and its commands that take no more than options. */
@Command(
    name = "sluice-relay",
    description = "Relays committed rows of MySQL outbox tables to Kafka, from the binary log.",
    subcommands = {RunCommand.class, ShardsCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = RelayMain.Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:the relay cannot continue, a command failed, or the doctor found an error",
      "  2:wrong usage or configuration; nothing was started",
      "130:ended by SIGINT, after a clean stop",
      "143:ended by SIGTERM, after a clean stop"
    })
public final class RelayMain implements Runnable {

  @Spec private CommandSpec spec;

  /** The version in the jar's manifest. */
  static final class Version implements IVersionProvider {

    @Override
    public String[] getVersion() {
      String version = RelayMain.class.getPackage().getImplementationVersion();
      return new String[] {"sluice-relay " + (version == null ? "(not packaged)" : version)};
    }
  }

  /** Runs a command and ends the process. */
  public static void main(String[] arguments) {
    // MySQL's binlog client logs through java.util.logging.
    SLF4JBridgeHandler.removeHandlersForRootLogger();
    SLF4JBridgeHandler.install();
    System.exit(commandLine().execute(arguments));
  }

  public static CommandLine commandLine() {
    return new CommandLine(new RelayMain())
        .setExecutionExceptionHandler(RelayMain::report)
        .setCaseInsensitiveEnumValuesAllowed(true)
        .registerConverter(ShardId.class, text -> convert(text, ShardId::of))
        .registerConverter(Duration.class, text -> convert(text, Values::duration))
        .setUsageHelpAutoWidth(true);
  }

  private static <T> T convert(String text, Function<String, T> maker) {
    try {
      return maker.apply(text);
    } catch (IllegalArgumentException e) {
      throw new TypeConversionException(e.getMessage());
    }
  }

  /** Prints why a command failed: a single line if the cause is known. */
  private static int report(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof ConfigException
        || failure instanceof RelayException
        || failure instanceof KafkaException) {
      command.getErr().println("sluice-relay: " + failure.getMessage());
      return failure instanceof ConfigException ? ExitCode.USAGE : ExitCode.SOFTWARE;
    }
    throw failure;
  }

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as 'run'.");
  }

  @Command(
      name = "check",
      description =
          "Validates the configuration and reports all its problems. Connects to nothing.",
      mixinStandardHelpOptions = true)
  void check(@Mixin ConfigOption config) {
    RelayConfig read = config.read();
    print(
        "configuration is correct: %d shard(s), %d domain(s)"
            .formatted(read.shards().size(), read.publishing().domains().names().size()));
  }

  @Command(
      name = "provision",
      description = {
        "Creates missing topics and stores the positions from which new shards are relayed.",
        "Run this before services write to a new shard: events written earlier are found by"
            + " reconciliation and published as replays, out of order.",
        "Does not change shards that are already provisioned."
      },
      mixinStandardHelpOptions = true)
  int provision(@Mixin ConfigOption config) {
    RelayConfig read = config.read();
    Map<ShardId, Provisioned> outcomes =
        new RelayWiring(read).provisioner().provision(read.shards());
    outcomes.forEach((shard, outcome) -> print(describe(shard, outcome)));
    return outcomes.values().stream().allMatch(Provisioned.Ready.class::isInstance)
        ? ExitCode.OK
        : ExitCode.SOFTWARE;
  }

  static String describe(ShardId shard, Provisioned outcome) {
    return outcome instanceof Provisioned.Ready ready
        ? "shard '%s': ready, positions in %s".formatted(shard, ready.slot().positions())
        : "shard '%s': not provisioned: %s"
            .formatted(shard, ((Provisioned.Failed) outcome).reason().getMessage());
  }

  @Command(
      name = "ddl",
      description = {
        "Prints the statement that creates the outbox table.",
        "To create it: sluice-relay ddl | mysql DATABASE"
      },
      mixinStandardHelpOptions = true)
  void ddl() {
    print(OutboxTable.ddl().strip() + ";");
  }

  @Command(
      name = "doctor",
      description = {
        "Checks brokers, topics, and the server, table and position of every configured shard."
            + " Reports each problem and its remedy. Changes nothing.",
        "Exits with 1 if there is an error: some events are not relayed until it is corrected."
      },
      mixinStandardHelpOptions = true)
  int doctor(@Mixin ConfigOption config, @Mixin OutputOption output) {
    List<Diagnosis> found = new Doctor(new RelayWiring(config.read()).group()).examine();
    print(Reports.findings(found, output.format()));
    return Reports.count(found, Severity.ERROR) == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
  }

  private void print(String text) {
    spec.commandLine().getOut().println(text);
  }
}
