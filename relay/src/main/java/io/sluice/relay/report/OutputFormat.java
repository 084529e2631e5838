package io.sluice.relay.report;

/** For whom an answer is shown. */
public enum OutputFormat {
  /** For people. */
  TEXT,
  /** For their tools. */
  JSON
}
