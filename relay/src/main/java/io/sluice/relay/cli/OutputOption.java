package io.sluice.relay.cli;

import picocli.CommandLine.Option;

/** The option {@code --output}, shared by the commands that print reports. */
final class OutputOption {

  /** The format of a report. */
  enum Format {
    /** A table or lines of text. */
    TEXT,
    /** For tools. */
    JSON
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      defaultValue = "text",
      description = "text (the default) or json.")
  private Format format;

  Format format() {
    return format;
  }
}
