package io.sluice.relay.cli;

import io.sluice.relay.config.ConfigReader;
import io.sluice.relay.config.RelayConfig;
import java.nio.file.Path;
import picocli.CommandLine.Option;

/** The option {@code --config}, shared by the commands. */
final class ConfigOption {

  @Option(
      names = {"-c", "--config"},
      required = true,
      paramLabel = "FILE",
      description = "The relay's configuration, in YAML.")
  private Path file;

  RelayConfig read() {
    return ConfigReader.read(file);
  }
}
