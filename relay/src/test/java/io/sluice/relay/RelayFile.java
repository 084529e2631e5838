package io.sluice.relay;

import io.sluice.relay.config.ConfigReader;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.shard.ShardSource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A configuration file for commands and for a relay. */
record RelayFile(Path path) {

  /** Writes a configuration with some of a fixture's shards. */
  static RelayFile write(Path folder, RelayConfig config, int... shards) throws IOException {
    return write(folder, config, "", shards);
  }

  static RelayFile write(Path folder, RelayConfig config, String more, int... shards)
      throws IOException {
    List<ShardSource> chosen = Arrays.stream(shards).mapToObj(config.shards()::get).toList();
    Path file = Files.createTempFile(folder, "relay", ".yaml");
    return new RelayFile(
        Files.writeString(file, more + RelayProcess.yaml(config.withShards(chosen))));
  }

  RelayConfig read() {
    return ConfigReader.read(path);
  }

  /** Runs a command with this configuration. */
  Commands run(String command) {
    List<String> arguments = new ArrayList<>(List.of(command.split(" ")));
    arguments.addAll(List.of("--config", path.toString()));
    return Commands.run(arguments.toArray(String[]::new));
  }
}
