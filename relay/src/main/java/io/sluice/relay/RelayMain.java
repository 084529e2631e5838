package io.sluice.relay;

import org.slf4j.bridge.SLF4JBridgeHandler;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The command {@code sluice-relay}. */
@Command(
    name = "sluice-relay",
    description = "Forwards committed rows of MySQL outbox tables to Kafka, by the binlog.",
    subcommands = {RunCommand.class, ProvisionCommand.class, CheckCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "  0:done",
      "  1:every shard waits for an operator, or a command failed",
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

  static CommandLine commandLine() {
    return new CommandLine(new RelayMain())
        .setExecutionExceptionHandler(new FailureReport())
        .setUsageHelpAutoWidth(true);
  }
}
