package io.sluice.relay.cli;

import io.sluice.relay.config.ConfigException;
import io.sluice.relay.shard.RelayException;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints why a command failed: a single line if the cause is known. */
final class FailureReport implements IExecutionExceptionHandler {

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof ConfigException) {
      command.getErr().println("sluice-relay: " + failure.getMessage());
      return ExitCode.USAGE;
    }
    if (failure instanceof RelayException || failure instanceof KafkaException) {
      command.getErr().println("sluice-relay: " + failure.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw failure;
  }
}
