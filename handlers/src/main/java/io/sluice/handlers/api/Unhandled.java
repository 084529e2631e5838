package io.sluice.handlers.api;

/** What becomes of an event for whose type no handler is registered. */
public enum Unhandled {

  /**
   * It counts as a failure: the event is tried again, by then perhaps by a worker that was deployed
   * meanwhile and knows the type, and is FAILED after as many failures as it may have.
   */
  FAIL,

  /** It is PUBLISHED, as if a handler had nothing to do. */
  SKIP,

  /** It is FAILED at once, with a dead letter. */
  DEAD_LETTER
}
