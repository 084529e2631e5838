package io.sluice.relay.record;

/** The set of headers of a record. */
public enum RecordFormat {
  /** The headers in {@code docs/records.md}. */
  PLAIN,
  /** Additionally the headers of CloudEvents 1.0 in binary mode of the Kafka protocol binding. */
  CLOUD_EVENTS
}
