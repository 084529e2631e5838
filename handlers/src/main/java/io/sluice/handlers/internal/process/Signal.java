package io.sluice.handlers.internal.process;

/** A signal that moves an in-flight event from one {@link Stage} to another. */
enum Signal {
  /** The row was requested. */
  ROW_REQUESTED,
  /** The row was read. */
  ROW_KNOWN,
  /** The event is the head of its queue, and its handler may be called. */
  TURN_REACHED,
  /** The handler is called. */
  CALL_STARTED,
  /** The event failed for good, or has no row. Its dead letter is sent before a row is written. */
  DEAD_LETTER_REQUESTED,
  /** The outcome is being written to the row. */
  WRITE_REQUESTED,
  /** The event is being parked behind a failed event of its aggregate. */
  PARK_REQUESTED,
  /** The row determines the next step again. */
  RECONSIDERED,
  /** The event is deferred. */
  MUST_WAIT,
  /** The event is finished, and the offset may pass its record. */
  FINISHED,
  /** The partition was revoked. */
  PARTITION_LOST
}
