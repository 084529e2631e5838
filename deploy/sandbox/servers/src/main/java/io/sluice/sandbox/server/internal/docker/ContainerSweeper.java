package io.sluice.sandbox.server.internal.docker;

import io.sluice.sandbox.server.api.ServerStartException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process that removes the containers with a label when this JVM ends. Testcontainers has one of
 * its own, Ryuk, in a container; where that is switched off this one takes its place.
 */
final class ContainerSweeper {
  /** The label every container of the sandbox carries; its value is one server's. */
  static final String LABEL = "io.sluice.sandbox";

  private final Optional<Process> process;

  private ContainerSweeper(Optional<Process> process) {
    this.process = process;
  }

  /**
   * Starts a sweeper.
   *
   * @param ryuk whether Ryuk does the work, so that no process is needed
   */
  static ContainerSweeper start(String label, boolean ryuk) {
    return new ContainerSweeper(ryuk ? Optional.empty() : Optional.of(startProcess(label)));
  }

  /** Ends it; there is nothing left to remove. */
  void dismiss() {
    process.ifPresent(Process::destroyForcibly);
  }

  /** The shell has the JVM start with signals ignored that a terminal or a CI sends to all. */
  private static Process startProcess(String label) {
    try {
      return new ProcessBuilder(
              "sh",
              "-c",
              "trap '' HUP INT QUIT TERM; exec \"$@\"",
              "sluice-sandbox-sweeper",
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx64m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-cp",
              System.getProperty("java.class.path"),
              SweeperMain.class.getName(),
              label)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new ServerStartException("The process that removes containers did not start", e);
    }
  }
}
