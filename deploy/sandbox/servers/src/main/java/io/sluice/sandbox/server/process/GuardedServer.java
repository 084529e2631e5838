package io.sluice.sandbox.server.process;

import io.sluice.sandbox.server.api.ServerControlException;
import io.sluice.sandbox.server.api.ServerStartException;
import java.time.Duration;
import java.util.Optional;

/** A server run by a {@link Guard} with a fixed port and folder. Thread-safe by its monitor. */
public final class GuardedServer implements ServerControl {
  private static final Duration READY = Duration.ofMinutes(4);
  private static final Duration END = Duration.ofMinutes(4);

  private final ServerProgram program;
  private final Guard guard;
  private Optional<GuardedProcess> process = Optional.empty();

  public GuardedServer(ServerProgram program, Guard guard) {
    this.program = program;
    this.guard = guard;
  }

  /** Starts it and waits until it is ready. */
  public synchronized void start() {
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
}
