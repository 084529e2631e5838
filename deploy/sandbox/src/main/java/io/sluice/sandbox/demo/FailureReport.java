package io.sluice.sandbox.demo;

import io.sluice.sandbox.server.api.SandboxException;
import org.apache.kafka.common.errors.InterruptException;
import picocli.CommandLine;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Prints known failures of a run as one sentence instead of a stack trace. */
final class FailureReport implements IExecutionExceptionHandler {

  private static final int ENDED_BY_INTERRUPT = 130;

  @Override
  public int handleExecutionException(Exception failure, CommandLine command, ParseResult parsed)
      throws Exception {
    if (failure instanceof InterruptedException || failure instanceof InterruptException) {
      return ENDED_BY_INTERRUPT;
    }
    if (failure instanceof SandboxException || failure instanceof IllegalStateException) {
      command.getErr().println("sandbox: " + failure.getMessage());
      return ExitCode.SOFTWARE;
    }
    throw failure;
  }
}
