package io.sluice.bench.harness;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.sluice.sandbox.server.SandboxServers;
import io.sluice.sandbox.server.api.KafkaSettings;
import io.sluice.sandbox.server.process.Guard;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What measurements work with: the servers, child processes, and the options of the run. The child
 * processes end with this JVM.
 */
public final class Bench implements AutoCloseable {

  private static final JsonMapper JSON = new JsonMapper();

  /** The same heap for every contender, so that peaks of memory can be compared. */
  public static final String HEAP = "-Xmx1g";

  private final SandboxServers servers;
  private final Guard guard;
  private final BenchOptions options;
  private final PrintStream out;
  private final AtomicInteger serverIds = new AtomicInteger(70_000);

  /** In the names of everything on the servers, which may be those of others. */
  private final String runId =
      Integer.toString(ThreadLocalRandom.current().nextInt(36 * 36 * 36, 36 * 36 * 36 * 36), 36);

  private Bench(SandboxServers servers, Guard guard, BenchOptions options, PrintStream out) {
    this.servers = servers;
    this.guard = guard;
    this.options = options;
    this.out = out;
  }

  /** Starts the servers. */
  public static Bench open(BenchOptions options, PrintStream out) throws SQLException {
    // A full run takes long enough that the broker is as fast as it is in production.
    KafkaSettings broker = options.isQuick() ? KafkaSettings.DEFAULT : KafkaSettings.LONG_LIVED;
    Bench bench = new Bench(SandboxServers.start(broker), Guard.open("sluice-bench"), options, out);
    bench.allowConnections();
    return bench;
  }

  /** Enough connections for many shards. The settings of a server of others are left alone. */
  private void allowConnections() throws SQLException {
    if (servers.mysql().isOurs()) {
      try (Connection connection = servers.mysql().connect();
          Statement statement = connection.createStatement()) {
        statement.execute("SET GLOBAL max_connections = 2000");
      }
    }
  }

  public SandboxServers servers() {
    return servers;
  }

  public BenchOptions options() {
    return options;
  }

  /** The folder for files of the run, which is removed at its end. */
  public Path folder() {
    return guard.folder();
  }

  /** A name for something on the servers, unique in time. */
  public String uniqueName(String what) {
    return "bench-%s-%s".formatted(runId, what);
  }

  /** An id for a client that reads the binlog, unique in this run. */
  public int nextServerId() {
    return nextServerIds(1);
  }

  /** The first of so many ids in a row. */
  public int nextServerIds(int count) {
    return serverIds.getAndAdd(count);
  }

  /** Prints a line of progress. */
  public void say(String format, Object... values) {
    out.printf("  " + format + "%n", values);
  }

  /** Runs contenders in turn that leave the servers as they were. */
  public List<Result> compare(List<Contender> contenders) throws Exception {
    return compare(() -> {}, contenders);
  }

  /** Runs contenders in turn. */
  public List<Result> compare(BeforeLap beforeLap, List<Contender> contenders) throws Exception {
    return new Rounds(options.warmUps(), options.rounds(), beforeLap, out).run(contenders);
  }

  /** Runs contenders in turn that have a warm-up in each lap. */
  public List<Result> compareWarm(List<Contender> contenders) throws Exception {
    return new Rounds(0, options.rounds(), () -> {}, out).run(contenders);
  }

  /** Runs contenders once that have a warm-up in their lap. */
  public List<Result> runOnce(List<Contender> contenders) throws Exception {
    return new Rounds(0, 1, () -> {}, out).run(contenders);
  }

  /** Starts a program in {@link #folder}. */
  public ChildProcess start(String name, List<String> command) {
    return new ChildProcess(guard.run(name, command));
  }

  /** Starts a JVM with this one's class path. */
  public ChildProcess start(String name, Class<?> main, Object settings) {
    return start(name, main, System.getProperty("java.class.path"), settings);
  }

  /** Starts a JVM whose only argument is a file with its settings, for {@link #settings}. */
  public ChildProcess start(String name, Class<?> main, String classPath, Object settings) {
    try {
      Path file = Files.createTempFile(guard.folder(), name, ".json");
      JSON.writeValue(file.toFile(), settings);
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of(HEAP, "-cp", classPath, main.getName(), file.toString()));
      return start(name, command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Starts a script with environment variables, with which it is also to set the heap. */
  public ChildProcess start(String name, Map<String, String> environment, List<String> command) {
    List<String> words = new ArrayList<>(List.of("env"));
    words.add("JAVA_HOME=" + System.getProperty("java.home"));
    environment.forEach((variable, value) -> words.add(variable + "=" + value));
    words.addAll(command);
    return start(name, words);
  }

  /** Reads the settings of a JVM that {@link #start} started. */
  public static <T> T settings(String[] arguments, Class<T> type) {
    try {
      return JSON.readValue(Path.of(arguments[0]).toFile(), type);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  @SuppressWarnings("try") // The try statement closes in order and keeps suppressed errors.
  public void close() {
    try (SandboxServers last = servers) {
      guard.close();
    }
  }
}
