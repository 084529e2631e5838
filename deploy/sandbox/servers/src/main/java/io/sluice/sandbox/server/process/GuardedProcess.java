package io.sluice.sandbox.server.process;

import io.sluice.sandbox.server.api.ServerControlException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A process run by a {@link Guard}. It is no child of this JVM, so it is known by the files its
 * guard writes: the guard reaps it and leaves its exit status.
 *
 * @param folder the guard's folder
 * @param name the name of the run, unique in the folder
 * @param pid the process id
 */
public record GuardedProcess(Path folder, String name, long pid) {

  /** By the guard's files, or by the process alone where others removed the folder. */
  public boolean isAlive() {
    return Files.exists(folder)
        ? !Files.exists(ended())
        : ProcessHandle.of(pid).map(ProcessHandle::isAlive).orElse(false);
  }

  /** Whether it ended within the bound. */
  public boolean awaitEnd(Duration bound) {
    return Await.until(bound, () -> !isAlive());
  }

  /** The exit status; 128 and a signal's number where a signal ended it. */
  public int status() {
    try {
      return Integer.parseInt(Files.readString(ended()).strip());
    } catch (IOException e) {
      throw new UncheckedIOException("no exit status of " + name + " in " + folder, e);
    }
  }

  /** Asks it to end (SIGTERM). */
  public void terminate() {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    }
  }

  /** Kills it (SIGKILL) and waits until it is gone. */
  public void kill(Duration bound) {
    if (isAlive()) {
      ProcessHandle.of(pid).ifPresent(ProcessHandle::destroyForcibly);
    }
    if (!awaitEnd(bound)) {
      throw new ServerControlException(
          "Process " + pid + " (" + name + ") was killed and is still there after " + bound);
    }
  }

  /** The last lines it wrote. */
  public String logTail() {
    return LogTail.of(folder.resolve(name + ".log"));
  }

  private Path ended() {
    return folder.resolve(name + ".ended");
  }
}
