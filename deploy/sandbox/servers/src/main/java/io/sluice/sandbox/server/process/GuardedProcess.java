package io.sluice.sandbox.server.process;

import io.sluice.sandbox.server.api.ServerControlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process run by a {@link Guard}. It is not a child of this JVM, so the guard writes its process
 * id and exit status to files.
 *
 * @param folder the guard's folder
 * @param name the name of the run, unique in the folder
 * @param pid the process id
 */
public record GuardedProcess(Path folder, String name, long pid) {

  /**
   * Whether the process runs, according to the guard's files. If the folder was removed, according
   * to the operating system.
   */
  public boolean isAlive() {
    return Files.exists(folder)
        ? !Files.exists(ended())
        : ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /**
   * Waits for the process to end.
   *
   * @return whether it ended within the bound
   */
  public boolean awaitEnd(Duration bound) {
    return Await.until(bound, () -> !isAlive());
  }

  /** The exit status; 128 plus the number of the signal if a signal ended it. */
  public int status() {
    try {
      return Integer.parseInt(Files.readString(ended()).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("no exit status of " + name + " in " + folder, e);
    }
  }

  /** Asks the process to end (SIGTERM). */
  public void terminate() {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
  }

  /** Kills the process (SIGKILL) and waits until it has ended. */
  public void kill(Duration bound) {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (!awaitEnd(bound)) {
      throw new ServerControlException(
          "Process " + pid + " (" + name + ") was killed and is still there after " + bound);
    }
  }

  /** The last lines of the process's output. */
  public String logTail() {
    return LogTail.of(folder.resolve(name + ".log"));
  }

  private Path ended() {
    return folder.resolve(name + ".ended");
  }
}
