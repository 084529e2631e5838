package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.deadletter.RecordOrigin;

/** The record that brought an event. */
public interface DeliveredRecord {

  RecordOrigin origin();

  /** Whether its partition is still this worker's. Thread-safe. */
  boolean isHeld();

  /** Nothing is left to do for the event: the offset may pass its record. */
  void finished();
}
