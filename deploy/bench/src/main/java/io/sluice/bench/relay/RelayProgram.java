package io.sluice.bench.relay;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * The relay of a distribution.
 *
 * @param script its program
 */
record RelayProgram(Path script) {

  private static final Duration PROVISIONING = Duration.ofMinutes(3);

  /** The program of a built checkout. The name of the distribution's folder holds its version. */
  static RelayProgram of(Path root) {
    try (Stream<Path> built = Files.list(root.resolve("relay/target"))) {
      return built
          .map(folder -> folder.resolve("bin/sluice-relay"))
          .filter(Files::isExecutable)
          .findFirst()
          .map(RelayProgram::new)
          .orElseThrow(() -> new IOException("it has no folder sluice-relay-*"));
    } catch (IOException e) {
      throw new IllegalStateException(
          "%s/relay/target holds no relay (%s): build it with deploy/bench/run or mvn package"
              .formatted(root, e.getMessage()),
          e);
    }
  }

  /** Stores the position of each shard: what is written from now on is published. */
  void provision(Bench bench, RelayConfiguration configuration) throws IOException {
    configuration.write(bench);
    try (ChildProcess provision = command(bench, configuration, "provision")) {
      provision.awaitEnd(PROVISIONING);
    }
  }

  /** Starts the relay of a group that is provisioned. */
  ChildProcess run(Bench bench, RelayConfiguration configuration) {
    return command(bench, configuration, "run");
  }

  private ChildProcess command(Bench bench, RelayConfiguration configuration, String command) {
    return bench.start(
        configuration.group(),
        Map.of("SLUICE_RELAY_OPTS", Bench.HEAP),
        List.of(script.toString(), command, "--config", configuration.file(bench).toString()));
  }
}
