package io.sluice.relay.publish;

/** What is promised about an event's way to Kafka. */
public enum Delivery {
  /** Events and position in one Kafka transaction: readable once by {@code read_committed}. */
  EXACTLY_ONCE,
  /** Events first, the position when Kafka has them: none is lost, some may come twice. */
  AT_LEAST_ONCE
}
