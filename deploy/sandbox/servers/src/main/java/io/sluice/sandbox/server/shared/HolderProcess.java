package io.sluice.sandbox.server.shared;

import io.sluice.sandbox.server.api.ServerStartException;
import io.sluice.sandbox.server.process.Await;
import io.sluice.sandbox.server.process.FileLocked;
import io.sluice.sandbox.server.process.LogTail;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Finds the process that holds the servers of a build, or starts it. */
record HolderProcess(RendezvousFiles files) {
  /** Long, because the first start on a machine may download a server. */
  private static final Duration BOUND = Duration.ofMinutes(15);

  /**
   * Waits until the servers are ready.
   *
   * @return the addresses of the servers
   */
  Rendezvous find() {
    return FileLocked.call(files.lock(), BOUND, () -> files.read().orElseGet(this::start));
  }

  private Rendezvous start() {
    Process process = launch();
    Await.until(BOUND, () -> files.read().isPresent() || !process.isAlive());
    Optional<Rendezvous> rendezvous = files.read();
    if (rendezvous.isEmpty()) {
      process.destroy();
      throw new ServerStartException(reason());
    }
    return rendezvous.get();
  }

  private Process launch() {
    try {
      Files.deleteIfExists(files.error());
      return new ProcessBuilder(
              Path.of(System.getProperty("java.home"), "bin", "java").toString(),
              "-Xmx256m",
              "-XX:+UseSerialGC",
              "-XX:TieredStopAtLevel=1",
              "-Djava.io.tmpdir=" + System.getProperty("java.io.tmpdir"),
              "-cp",
              System.getProperty("java.class.path"),
              HolderMain.class.getName(),
              files.folder().toString(),
              files.owner().text())
          .redirectErrorStream(true)
          .redirectOutput(files.log().toFile())
          .redirectInput(new File(File.separatorChar == '/' ? "/dev/null" : "NUL"))
          .start();
    } catch (IOException e) {
      throw new ServerStartException("The process that holds the servers cannot be started", e);
    }
  }

  private String reason() {
    try {
      return Files.exists(files.error())
          ? Files.readString(files.error())
          : "The process that holds the servers did not start them. " + LogTail.of(files.log());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
