package io.sluice.handlers.api;

/** What the later events of an aggregate do while an earlier one waits for its next attempt. */
public enum WhileWaiting {

  /** They wait behind it, so that the aggregate is handled in order. */
  HOLD,

  /** They are handled before it, so that the order is lost where an attempt fails. */
  PASS
}
