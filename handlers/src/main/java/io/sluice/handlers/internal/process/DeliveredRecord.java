package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.deadletter.RecordOrigin;

/** The Kafka record of an event. */
public interface DeliveredRecord {

  RecordOrigin origin();

  /** Whether this worker still owns the record's partition. Thread-safe. */
  boolean isHeld();

  /** Marks the event as finished, so that the committed offset may pass its record. */
  void finished();
}
