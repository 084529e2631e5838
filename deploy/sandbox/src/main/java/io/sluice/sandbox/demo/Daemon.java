package io.sluice.sandbox.demo;

import io.sluice.sandbox.demo.chaos.Victim;
import io.sluice.sandbox.server.process.Guard;
import io.sluice.sandbox.server.process.GuardedProcess;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A process that runs until it is terminated, and that can be killed and started again. Thread-safe
 * by its monitor.
 */
final class Daemon implements Victim {

  private static final Duration KILL = Duration.ofSeconds(20);

  private final Guard guard;
  private final String name;
  private final List<String> command;
  private Optional<GuardedProcess> process = Optional.empty();

  Daemon(Guard guard, String name, List<String> command) {
    this.guard = guard;
    this.name = name;
    this.command = List.copyOf(command);
  }

  @Override
  public String name() {
    return name;
  }

  /** Starts the process without waiting until it is ready. */
  @Override
  public synchronized void start() {
    process = Optional.of(guard.run(name, command));
  }

  /**
   * Kills the process.
   *
   * @throws IllegalStateException if the process had already failed
   */
  @Override
  public synchronized void kill() {
    failure()
        .ifPresent(
            failure -> {
              throw new IllegalStateException(failure);
            });
    process.ifPresent(running -> running.kill(KILL));
    process = Optional.empty();
  }

  /**
   * Describes how the process failed.
   *
   * @return empty if the process runs, was killed or ended normally
   */
  synchronized Optional<String> failure() {
    return process.flatMap(ProcessFailure::of);
  }

  synchronized void terminate() {
    process.ifPresent(GuardedProcess::terminate);
  }

  /**
   * Waits for the process to end.
   *
   * @return whether it ended within the bound
   */
  boolean awaitEnd(Duration bound) {
    return current().map(running -> running.awaitEnd(bound)).orElse(true);
  }

  private synchronized Optional<GuardedProcess> current() {
    return process;
  }

  String logTail() {
    return current().map(GuardedProcess::logTail).orElse("(%s does not run)".formatted(name));
  }
}
