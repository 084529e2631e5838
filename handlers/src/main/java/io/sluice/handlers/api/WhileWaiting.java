package io.sluice.handlers.api;

/** What the later events of an aggregate do while an earlier one waits for its next attempt. */
public enum WhileWaiting {

  /** Later events wait behind it, so that the aggregate is handled in order. */
  HOLD,

  /** Later events overtake it, so that order is lost when an attempt fails. */
  PASS
}
