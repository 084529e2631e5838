package io.sluice.relay.cli;

import picocli.CommandLine.Option;

/** The option {@code --output}, shared by the commands that print reports. */
final class OutputOption {

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (the default) or json.")
  private OutputFormat format;

  OutputFormat format() {
    return format;
  }
}
