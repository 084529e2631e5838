package io.sluice.handlers.api;

/** What happens to an event whose type has no handler. */
public enum Unhandled {

  /**
   * The event counts as failed. It is retried, perhaps by a newer worker that has a handler, and
   * becomes FAILED when it has reached its limit.
   */
  FAIL,

  /** The event becomes PUBLISHED. */
  SKIP,

  /** The event becomes FAILED immediately, with a dead letter. */
  DEAD_LETTER
}
