package io.sluice.handlers.api;

/** What happens to an event whose type has no handler. */
public enum Unhandled {

  /**
   * It counts as a failure. The event is retried, perhaps by a newer worker that knows the type,
   * and is FAILED once it has reached its limit.
   */
  FAIL,

  /** It becomes PUBLISHED. */
  SKIP,

  /** It becomes FAILED at once, with a dead letter. */
  DEAD_LETTER
}
