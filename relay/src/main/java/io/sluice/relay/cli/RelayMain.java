package io.sluice.relay.cli;

import io.sluice.outbox.ShardId;
import io.sluice.relay.config.Values;
import java.time.Duration;
import java.util.function.Function;
import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command {@code sluice-relay}. */
@Command(
    name = "sluice-relay",
    description = "Relays committed rows of MySQL outbox tables to Kafka, from the binary log.",
    subcommands = {
      RunCommand.class,
      ProvisionCommand.class,
      CheckCommand.class,
      DoctorCommand.class,
      ShardsCommand.class
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
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

  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "Name a command, such as 'run'.");
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
        .setExecutionExceptionHandler(new FailureReport())
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
}
