package io.sluice.relay;

import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The relay as operators run it: the distribution's script, with a configuration file. */
final class RelayProcess implements AutoCloseable {

  private final Process process;

  private RelayProcess(Process process) {
    this.process = process;
  }

  static RelayProcess start(Path folder, RelayConfig config) throws IOException {
    Path file = folder.resolve("relay.yaml");
    Files.writeString(file, yaml(config));
    Path script = Path.of(System.getProperty("sluice.relay.distribution"), "bin", "sluice-relay");
    Process process =
        new ProcessBuilder(List.of(script.toString(), "run", "--config", file.toString()))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(folder.resolve("relay.log").toFile()))
            .start();
    return new RelayProcess(process);
  }

  static String yaml(RelayConfig config) {
    String shards =
        config.shards().stream().map(shard -> yaml(shard.source())).collect(Collectors.joining());
    return """
        group: %s
        kafka: {bootstrap.servers: "%s"}
        topics: {template: "%s", partitions: 3, replication-factor: 1}
        ops: {port: 0}
        shards:
        %s"""
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

  /** SIGKILL, and waits for the end. */
  void kill() throws InterruptedException {
    process.destroyForcibly().waitFor();
  }

  /** SIGTERM; gives the exit code. */
  int terminate() throws InterruptedException {
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
