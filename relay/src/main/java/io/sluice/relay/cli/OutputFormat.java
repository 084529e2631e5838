package io.sluice.relay.cli;

/** The format of a report. */
enum OutputFormat {
  /** A table or lines of text. */
  TEXT,
  /** For tools. */
  JSON
}
