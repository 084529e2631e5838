package io.sluice.handlers.api;

/** What the later events of an aggregate do while an earlier one waits for its next attempt. */
public enum WhileWaiting {

  /** They wait behind it: the order of the aggregate is kept. */
  HOLD,

  /** They pass it: nothing waits, and the order of the aggregate is lost where an attempt fails. */
  PASS
}
