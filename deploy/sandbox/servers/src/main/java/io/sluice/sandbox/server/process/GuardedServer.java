package io.sluice.sandbox.server.process;

import io.sluice.sandbox.server.api.ServerControlException;
import io.sluice.sandbox.server.api.ServerStartException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/** A server run by a {@link Guard} with a fixed port and folder. Thread-safe by its monitor. */
public final class GuardedServer implements ServerControl {
  private static final Duration READY = Duration.ofMinutes(4);
  private static final Duration END = Duration.ofMinutes(4);

  private final ServerProgram program;
  private final Guard guard;
  private Optional<GuardedProcess> process = Optional.empty();

  GuardedServer(ServerProgram program, Guard guard) {
    this.program = program;
    this.guard = guard;
  }

  /**
   * Starts a server and waits until it is ready. If the start fails, no process is left running.
   *
   * @param name the start of the folder's name
   * @param program creates the program for the folder
   */
  public static GuardedServer start(String name, Function<Path, ServerProgram> program) {
    Guard guard = Guard.open(name);
    try {
      GuardedServer server = new GuardedServer(program.apply(guard.folder()), guard);
      server.start();
      return server;
    } catch (RuntimeException e) {
      closeAfter(e, guard);
      throw e;
    }
  }

  private synchronized void start() {
    program.beforeStart();
    GuardedProcess started = guard.run(program.name(), program.command());
    process = Optional.of(started);
    boolean decided = Await.until(READY, () -> program.isReady() || !started.isAlive());
    if (!started.isAlive()) {
      throw new ServerStartException(
          program.name()
              + " ended with status "
              + started.status()
              + " while starting. "
              + started.logTail());
    }
    if (!decided) {
      throw new ServerStartException(
          program.name() + " was not ready after " + READY + ". " + started.logTail());
    }
    program.afterStart();
  }

  @Override
  public boolean isOurs() {
    return true;
  }

  @Override
  public synchronized void stop() {
    process.ifPresent(
        running -> {
          running.terminate();
          if (!running.awaitEnd(END)) {
            throw new ServerControlException(
                program.name() + " still runs " + END + " after SIGTERM. " + running.logTail());
          }
        });
  }

  @Override
  public synchronized void kill() {
    process.ifPresent(running -> running.kill(END));
  }

  @Override
  public synchronized void restart() {
    stop();
    start();
  }

  @Override
  public void close() {
    guard.close();
  }

  private static void closeAfter(RuntimeException failure, Guard guard) {
    try {
      guard.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }
}
