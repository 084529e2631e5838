package io.sluice.handlers.internal.process;

/** What happens to an in-flight event and moves it from one {@link Stage} to another. */
enum Signal {
  /** Its row is asked for. */
  ROW_REQUESTED,
  /** Its row was read. */
  ROW_KNOWN,
  /** It is the first of its aggregate, and its handler may be called. */
  TURN_REACHED,
  /** Its handler is called. */
  CALL_STARTED,
  /** The call has failed for good: the dead letter comes before the row. */
  DEAD_LETTER_REQUESTED,
  /** What the call came to is to be written to the row. */
  WRITE_REQUESTED,
  /** It is to be parked behind a failed event of its aggregate. */
  PARK_REQUESTED,
  /** Its row decides again what is next. */
  RECONSIDERED,
  /** It cannot continue before something else has happened. */
  MUST_WAIT,
  /** Nothing is left to do: the offset may pass it. */
  FINISHED,
  /** Its partition belongs to another worker. */
  PARTITION_LOST
}
