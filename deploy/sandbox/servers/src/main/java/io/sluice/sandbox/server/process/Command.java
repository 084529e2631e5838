package io.sluice.sandbox.server.process;

import io.sluice.sandbox.server.api.ServerStartException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;

/** Runs a program to its end. */
public final class Command {
  private Command() {}

  /**
   * The result of a program.
   *
   * @param status the program's exit status
   * @param output the output of both standard streams
   */
  public record Outcome(int status, String output) {}

  /**
   * Runs a program with empty standard input, and kills it when the bound has passed.
   *
   * @param environment variables in addition to this process's
   */
  public static Outcome run(List<String> words, Map<String, String> environment, Duration bound) {
    try {
      Path output = Files.createTempFile("sluice-sandbox-command", ".log");
      try {
        return run(words, environment, bound, output);
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new ServerStartException(words.get(0) + " could not be run", e);
    }
  }

  private static Outcome run(
      List<String> words, Map<String, String> environment, Duration bound, Path output)
      throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words).redirectErrorStream(true).redirectOutput(output.toFile());
    builder.environment().putAll(environment);
    Process process = builder.start();
    process.getOutputStream().close();
    try {
      if (process.waitFor(bound.toMillis(), TimeUnit.MILLISECONDS)) {
        return new Outcome(
            process.exitValue(), Files.readString(output, StandardCharsets.ISO_8859_1));
      }
      throw new ServerStartException(
          String.join(" ", words) + " did not end within " + bound + ". " + LogTail.of(output));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while " + words.get(0) + " ran");
    } finally {
      process.destroyForcibly();
    }
  }
}
