package io.sluice.relay.publish;

/** The delivery guarantee from the binlog to Kafka. */
public enum DeliveryGuarantee {
  /**
   * Events and position are in one Kafka transaction, so a {@code read_committed} consumer reads
   * each event once.
   */
  EXACTLY_ONCE,
  /** The position is stored after the events, so no event is lost, but events can be duplicated. */
  AT_LEAST_ONCE
}
