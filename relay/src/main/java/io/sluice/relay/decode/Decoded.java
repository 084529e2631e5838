package io.sluice.relay.decode;

/** What a record captured by the engine is. */
public sealed interface Decoded {

  /** A committed outbox row. */
  record Row(OutboxRow row) implements Decoded {}

  /** Nothing to publish, such as a heartbeat; its offset still counts. */
  record Nothing() implements Decoded {}
}
