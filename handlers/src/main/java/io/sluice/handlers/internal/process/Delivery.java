package io.sluice.handlers.internal.process;

/** The record that brought an event. */
public interface Delivery {

  /** Whether its partition is still this worker's. Thread-safe. */
  boolean isHeld();

  /** Nothing is left to do for the event: the offset may pass its record. */
  void finished();
}
