package io.sluice.sandbox.demo;

import io.sluice.sandbox.demo.setup.RelayConfiguration;
import io.sluice.sandbox.demo.setup.SandboxDatabases;
import io.sluice.sandbox.demo.trading.TradingMain;
import io.sluice.sandbox.demo.workers.WorkersMain;
import io.sluice.sandbox.server.process.Guard;
import io.sluice.sandbox.server.process.GuardedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * The product's processes: relay, handler workers, trading back end. Each is a process of its own,
 * as in production, and ends with this JVM, however that ends.
 */
final class SandboxProcesses implements AutoCloseable {

  private static final Duration PROVISIONING = Duration.ofSeconds(90);
  private static final Duration END = Duration.ofSeconds(40);

  private final Guard guard;
  private final Path relay;
  private final SandboxDatabases databases;
  private final String bootstrapServers;
  private final Deque<GuardedProcess> running = new ArrayDeque<>();

  private SandboxProcesses(
      Guard guard, Path relay, SandboxDatabases databases, String bootstrapServers) {
    this.guard = guard;
    this.relay = relay;
    this.databases = databases;
    this.bootstrapServers = bootstrapServers;
  }

  static SandboxProcesses open(Path relay, SandboxDatabases databases, String bootstrapServers) {
    return new SandboxProcesses(Guard.open("sluice-sandbox"), relay, databases, bootstrapServers);
  }

  /** Fixes the shards' first positions, so that nothing written from now on is missed. */
  void provision() {
    Path config = RelayConfiguration.write(guard.folder(), databases, bootstrapServers);
    GuardedProcess provision =
        guard.run(
            "provision", List.of(relay.toString(), "provision", "--config", config.toString()));
    if (!provision.awaitEnd(PROVISIONING) || provision.status() != 0) {
      throw new IllegalStateException("provisioning failed. " + provision.logTail());
    }
  }

  void startRelay() {
    Path config = guard.folder().resolve("relay.yaml");
    running.push(
        guard.run("relay", List.of(relay.toString(), "run", "--config", config.toString())));
  }

  void startWorkers() {
    Path settings = settings("workers", SandboxDatabases.HANDLER);
    running.push(guard.run("workers", java(WorkersMain.class, settings.toString())));
  }

  /** Starts the back end, which ends by itself. */
  GuardedProcess startTrading(SandboxOptions options) {
    Path settings = settings("trading", SandboxDatabases.WRITER);
    GuardedProcess trading =
        guard.run(
            "trading",
            java(
                TradingMain.class,
                settings.toString(),
                Long.toString(options.events()),
                Double.toString(options.rate())));
    running.push(trading);
    return trading;
  }

  private Path settings(String process, String account) {
    Path file = guard.folder().resolve(process + ".properties");
    databases.settings(bootstrapServers, account).write(file);
    return file;
  }

  private static List<String> java(Class<?> main, String... arguments) {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    Deque<String> command = new ArrayDeque<>(List.of(arguments));
    command.push(main.getName());
    command.push(System.getProperty("java.class.path"));
    command.push("-cp");
    command.push("-XX:TieredStopAtLevel=1");
    command.push("-Xmx256m");
    command.push(java);
    return List.copyOf(command);
  }

  /** What one of the processes that must go on has ended with, if one has. */
  Optional<String> failure() {
    return running.stream()
        .filter(process -> !process.isAlive() && process.status() != 0)
        .map(
            process ->
                "%s ended with status %d. %s"
                    .formatted(process.name(), process.status(), process.logTail()))
        .findFirst();
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** Where the processes' logs are. */
  Path logs() {
    return guard.folder();
  }

  /** The last lines of every process. */
  String logTails() {
    StringBuilder tails = new StringBuilder();
    running.forEach(process -> tails.append(process.logTail()).append('\n'));
    return tails.toString();
  }

  /**
   * Ends the processes in an orderly way.
   *
   * @throws IllegalStateException if one does not end
   */
  void end() {
    running.forEach(GuardedProcess::terminate);
    for (GuardedProcess process : running) {
      if (!process.awaitEnd(END)) {
        throw new IllegalStateException(
            "%s does not end within %s. %s".formatted(process.name(), END, process.logTail()));
      }
    }
  }

  /** Ends whatever still runs, and kills what does not end. */
  @Override
  public void close() {
    try (guard) {
      running.forEach(GuardedProcess::terminate);
      running.forEach(process -> process.awaitEnd(END));
    }
  }
}
