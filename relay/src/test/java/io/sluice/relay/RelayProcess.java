package io.sluice.relay;

import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** A relay process, started by the distribution's script with a configuration file. */
public final class RelayProcess implements AutoCloseable {

  private static final String USUAL_HEAP = "-Xmx512m";

  private final Process process;
  private final Path log;

  private RelayProcess(Process process, Path log) {
    this.process = process;
    this.log = log;
  }

  /**
   * Starts a relay.
   *
   * @param folder folder of the relay, created if missing; an existing log is continued
   */
  public static RelayProcess start(Path folder, RelayConfig config) throws IOException {
    return start(folder, config, USUAL_HEAP);
  }

  /**
   * Starts a relay with this heap.
   *
   * @param heap value of the JVM option
   */
  public static RelayProcess start(Path folder, RelayConfig config, String heap)
      throws IOException {
    Files.createDirectories(folder);
    Path log = folder.resolve("relay.log");
    Path file = folder.resolve("relay.yaml");
    Files.writeString(file, yaml(config));
    Path script = Path.of(System.getProperty("sluice.relay.distribution"), "bin", "sluice-relay");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(script.toString(), "run", "--config", file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    // A fast start matters more than peak performance: several relays share a small machine.
    builder
        .environment()
        .put("SLUICE_RELAY_OPTS", heap + " -XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    return new RelayProcess(builder.start(), log);
  }

  public static String yaml(RelayConfig config) {
    String shards = config.shards().stream().map(RelayProcess::yaml).collect(Collectors.joining());
    String instance =
        config.identity().instance().map(name -> "instance: " + name + "\n").orElse("");
    return instance
        + """
        group: %s
        kafka: {bootstrap.servers: "%s"}
        topics: {template: "%s", partitions: 3, replication-factor: 1}
        ops: {port: 0}
        shards:
        %s\
        """
            .formatted(
                config.identity().topics().group(),
                config.kafka().bootstrapServers(),
                config.publishing().topics().template(),
                shards);
  }

  private static String yaml(ShardSource shard) {
    return """
      - {id: %s, host: %s, port: %d, database: %s, username: %s, password: "%s", server-id: %d, tls: disabled}
    """
        .formatted(
            shard.id(),
            shard.server().host(),
            shard.server().port(),
            shard.tables().get(0).database(),
            shard.server().login().username(),
            shard.server().login().password().value(),
            shard.server().serverId());
  }

  /** Sends SIGSTOP. */
  public void freeze() throws IOException, InterruptedException {
    signal("STOP");
  }

  /** Sends SIGCONT. */
  public void thaw() throws IOException, InterruptedException {
    signal("CONT");
  }

  private void signal(String name) throws IOException, InterruptedException {
    String pid = Long.toString(process.pid());
    Process kill = new ProcessBuilder("kill", "-" + name, pid).inheritIO().start();
    if (kill.waitFor() != 0) {
      throw new IllegalStateException("SIG%s could not be sent to %s".formatted(name, pid));
    }
  }

  /** The log of this relay and of its predecessors in this folder. */
  public List<String> log() throws IOException {
    return Files.readAllLines(log);
  }

  /** Sends SIGKILL and waits for the end. */
  public void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** Sends SIGTERM and returns the exit code. */
  public int terminate() throws InterruptedException {
    process.destroy();
    if (!process.waitFor(60, TimeUnit.SECONDS)) {
      process.destroyForcibly();
      throw new IllegalStateException("the relay did not end within 60 s of SIGTERM");
    }
    return process.exitValue();
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
