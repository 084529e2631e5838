package io.sluice.relay.cli;

/** For whom an answer is shown. */
public enum OutputFormat {
  /** For people. */
  TEXT,
  /** For their tools. */
  JSON
}
