package io.sluice.bench.publishers;

import io.sluice.bench.harness.Bench;
import io.sluice.bench.harness.BuiltModule;
import io.sluice.bench.harness.ChildProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The relay of a distribution.
 *
 * @param script its program
 */
public record RelayProgram(Path script) {

  private static final Duration PROVISIONING = Duration.ofMinutes(3);

  /** The program of a built checkout. */
  public static RelayProgram of(Path root) {
    Path distribution = new BuiltModule(root.resolve("relay")).distribution();
    return new RelayProgram(distribution.resolve("bin/sluice-relay"));
  }

  /** Stores the position of each shard: what is written from now on is published. */
  public void provision(Bench bench, RelayConfiguration configuration) throws IOException {
    configuration.write(bench);
    try (ChildProcess provision = command(bench, configuration, "provision")) {
      provision.awaitEnd(PROVISIONING);
    }
  }

  /** Starts the relay of a group that is provisioned. */
  public ChildProcess run(Bench bench, RelayConfiguration configuration) {
    return command(bench, configuration, "run");
  }

  private ChildProcess command(Bench bench, RelayConfiguration configuration, String command) {
    return bench.start(
        configuration.group(),
        Map.of("SLUICE_RELAY_OPTS", Bench.HEAP),
        List.of(script.toString(), command, "--config", configuration.file(bench).toString()));
  }
}
