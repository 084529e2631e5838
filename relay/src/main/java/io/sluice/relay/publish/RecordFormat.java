package io.sluice.relay.publish;

/** Which headers a record bears. */
public enum RecordFormat {
  /** Those of {@code docs/records.md}. */
  PLAIN,
  /** These, and those of CloudEvents 1.0 in binary mode, as its Kafka protocol binding has them. */
  CLOUD_EVENTS
}
