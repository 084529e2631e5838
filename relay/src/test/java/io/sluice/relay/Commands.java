package io.sluice.relay;

import io.sluice.relay.cli.RelayMain;
import java.io.PrintWriter;
import java.io.StringWriter;
import picocli.CommandLine;

/** The output and the exit code of a command. */
public record Commands(int exitCode, String output, String error) {

  public static Commands run(String... arguments) {
    StringWriter output = new StringWriter();
    StringWriter error = new StringWriter();
    CommandLine line =
        RelayMain.commandLine()
            .setOut(new PrintWriter(output, true))
            .setErr(new PrintWriter(error, true));
    int exitCode = line.execute(arguments);
    return new Commands(exitCode, output.toString(), error.toString());
  }
}
