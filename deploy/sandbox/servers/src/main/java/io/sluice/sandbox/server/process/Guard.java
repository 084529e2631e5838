package io.sluice.sandbox.server.process;

import io.sluice.sandbox.server.api.ServerControlException;
import io.sluice.sandbox.server.api.ServerStartException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * A folder and the processes that work in it, watched by a shell outside this JVM. When this JVM
 * ends, even if it is killed, the shell kills the processes and removes the folder. The processes
 * are also killed if the folder is removed earlier, or if the shell itself is killed.
 *
 * <p>Thread-safe. The caller closes it, or lets this JVM end.
 */
public final class Guard implements AutoCloseable {
  private static final Duration BOUND = Duration.ofSeconds(20);

  private final Process shell;
  private final Path folder;
  private int runs;

  private Guard(Process shell, Path folder) {
    this.shell = shell;
    this.folder = folder;
  }

  /**
   * Starts a guard with a new folder below the temporary folder.
   *
   * @param name the start of the folder's name
   */
  public static Guard open(String name) {
    Path folder =
        Path.of(System.getProperty("java.io.tmpdir"), name + "-" + UUID.randomUUID())
            .toAbsolutePath();
    Guard guard = new Guard(startShell(folder), folder);
    if (!Await.until(BOUND, () -> guard.isReady() || !guard.shell.isAlive()) || !guard.isReady()) {
      guard.shell.destroyForcibly();
      throw new ServerStartException("The shell that guards " + folder + " did not start");
    }
    return guard;
  }

  /** The folder. Only the user who runs this JVM can access it. */
  public Path folder() {
    return folder;
  }

  /** Runs a command in the folder; its output goes to a log file there. */
  public synchronized GuardedProcess run(String what, List<String> command) {
    String name = what + "-" + ++runs;
    try {
      Files.writeString(folder.resolve(name + ".sh"), script(command));
      OutputStream orders = shell.getOutputStream();
      orders.write((name + "\n").getBytes(StandardCharsets.UTF_8));
      orders.flush();
    } catch (IOException e) {
      throw new UncheckedIOException("the guard of " + folder + " takes no orders", e);
    }
    Path pid = folder.resolve(name + ".pid");
    if (!Await.until(BOUND, () -> Files.exists(pid))) {
      throw new ServerStartException("The guard of " + folder + " did not start " + name);
    }
    try {
      return new GuardedProcess(folder, name, Long.parseLong(Files.readString(pid).strip()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills the running processes and removes the folder. Bounded; idempotent. */
  @Override
  public synchronized void close() {
    try {
      shell.getOutputStream().close();
      if (!shell.waitFor(BOUND.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new ServerControlException(
            folder + " and its processes are still there after " + BOUND);
      }
    } catch (IOException e) {
      throw new ServerControlException("The guard of " + folder + " cannot be ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new ServerControlException(
          "Interrupted while " + folder + " was removed, which continues in the background", e);
    }
  }

  private boolean isReady() {
    return Files.exists(folder.resolve("guarded"));
  }

  private static Process startShell(Path folder) {
    try {
      return new ProcessBuilder(
              "sh", "-c", guardScript(), "sluice-sandbox-guard", folder.toString())
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .redirectError(ProcessBuilder.Redirect.DISCARD)
          .start();
    } catch (IOException e) {
      throw new ServerStartException("No shell to guard " + folder + " can be started", e);
    }
  }

  private static String guardScript() throws IOException {
    try (InputStream script = Guard.class.getResourceAsStream("guard.sh")) {
      if (script == null) {
        throw new IOException("guard.sh is missing beside " + Guard.class.getName());
      }
      return new String(script.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private String script(List<String> command) {
    String words =
        command.stream()
            .map(word -> "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return "cd '" + folder.toString().replace("'", "'\\''") + "' && exec " + words + "\n";
  }
}
