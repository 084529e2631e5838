package io.sluice.sandbox.demo;

import io.sluice.sandbox.demo.chaos.Victim;
import io.sluice.sandbox.demo.setup.RelayConfiguration;
import io.sluice.sandbox.demo.setup.SandboxDatabases;
import io.sluice.sandbox.demo.trading.Allowance;
import io.sluice.sandbox.demo.trading.TradingMain;
import io.sluice.sandbox.demo.workers.WorkersMain;
import io.sluice.sandbox.server.process.Guard;
import io.sluice.sandbox.server.process.GuardedProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Runs relays, handler workers and the trading back end as separate processes, as in production.
 * The processes end with this JVM, even if the JVM is killed.
 */
final class SandboxProcesses implements AutoCloseable {

  private static final Duration PROVISIONING = Duration.ofSeconds(90);
  private static final Duration END = Duration.ofSeconds(50);

  private final Guard guard;
  private final Path relay;
  private final SandboxDatabases databases;
  private final String bootstrapServers;
  private final List<Daemon> relays = new ArrayList<>();
  private final List<Daemon> workers = new ArrayList<>();
  private Optional<GuardedProcess> trading = Optional.empty();

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

  /**
   * Stores the first position of each shard, so that the relay misses no event written from now on.
   */
  void provision() {
    Path config = RelayConfiguration.write(guard.folder(), databases, bootstrapServers);
    GuardedProcess provision =
        guard.run(
            "provision", List.of(relay.toString(), "provision", "--config", config.toString()));
    if (!provision.awaitEnd(PROVISIONING) || provision.status() != 0) {
      throw new IllegalStateException("provisioning failed. " + provision.logTail());
    }
  }

  /** Starts the relays, which form one group, and the handler workers. */
  void startDaemons(int relayCount, int workerCount) {
    String config = guard.folder().resolve("relay.yaml").toString();
    List<String> command = List.of(relay.toString(), "run", "--config", config);
    for (int i = 1; i <= relayCount; i++) {
      relays.add(new Daemon(guard, "relay-" + i, command));
    }
    String settings = settings("workers", SandboxDatabases.HANDLER).toString();
    for (int i = 1; i <= workerCount; i++) {
      workers.add(new Daemon(guard, "worker-" + i, java(WorkersMain.class, settings)));
    }
    restartDaemons();
  }

  /** Starts relays and workers again after {@link #end}. */
  void restartDaemons() {
    daemons().forEach(Daemon::start);
  }

  private Stream<Daemon> daemons() {
    return Stream.concat(relays.stream(), workers.stream());
  }

  /** The relays as victims of kills. */
  List<Victim> relays() {
    return List.copyOf(relays);
  }

  /** The handler workers as victims of kills. */
  List<Victim> workers() {
    return List.copyOf(workers);
  }

  /** The file with the number of events that {@link #startTrading} may write. */
  Allowance allowance() {
    return new Allowance(allowanceFile());
  }

  private Path allowanceFile() {
    return guard.folder().resolve("trading.allowance");
  }

  /** Starts the back end, which ends when it has written its events. */
  GuardedProcess startTrading(SandboxOptions options) {
    GuardedProcess started =
        guard.run(
            "trading",
            java(
                TradingMain.class,
                settings("trading", SandboxDatabases.WRITER).toString(),
                Long.toString(options.events()),
                Double.toString(options.rate()),
                allowanceFile().toString()));
    trading = Optional.of(started);
    return started;
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

  /**
   * Describes how a process failed that was not killed.
   *
   * @return empty if none failed
   */
  Optional<String> failure() {
    return Stream.concat(daemons().map(Daemon::failure), trading.stream().map(ProcessFailure::of))
        .flatMap(Optional::stream)
        .findFirst();
  }

  String bootstrapServers() {
    return bootstrapServers;
  }

  /** The folder with the logs of the processes. */
  Path logs() {
    return guard.folder();
  }

  /** The last lines of every process. */
  String logTails() {
    StringBuilder tails = new StringBuilder();
    daemons().forEach(daemon -> tail(tails, daemon.name(), daemon.logTail()));
    trading.ifPresent(process -> tail(tails, process.name(), process.logTail()));
    return tails.toString();
  }

  private static void tail(StringBuilder tails, String name, String tail) {
    tails.append(name).append(": ").append(tail).append('\n');
  }

  /**
   * Ends the processes in an orderly way.
   *
   * @throws IllegalStateException if a process does not end
   */
  void end() {
    List<String> lingering = terminate();
    if (!lingering.isEmpty()) {
      throw new IllegalStateException(
          "%s do not end within %s.%n%s".formatted(lingering, END, logTails()));
    }
  }

  /**
   * Terminates all processes.
   *
   * @return the names of the processes that still run after the time limit
   */
  private List<String> terminate() {
    trading.ifPresent(GuardedProcess::terminate);
    daemons().forEach(Daemon::terminate);
    long deadline = System.nanoTime() + END.toNanos();
    Stream<String> writing =
        trading.stream()
            .filter(process -> !process.awaitEnd(left(deadline)))
            .map(GuardedProcess::name);
    Stream<String> serving =
        daemons().filter(daemon -> !daemon.awaitEnd(left(deadline))).map(Daemon::name);
    return Stream.concat(writing, serving).toList();
  }

  private static Duration left(long deadline) {
    return Duration.ofNanos(Math.max(0, deadline - System.nanoTime()));
  }

  /** Terminates the processes that still run, and kills processes that do not end in time. */
  @Override
  public void close() {
    try (guard) {
      terminate();
    }
  }
}
