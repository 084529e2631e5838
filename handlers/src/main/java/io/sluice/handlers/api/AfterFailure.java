package io.sluice.handlers.api;

/** What the later events of an aggregate do once an earlier one is FAILED. */
public enum AfterFailure {

  /** They are handled as if it had succeeded. */
  CONTINUE,

  /**
   * They are parked: they become FAILED without a call and without a dead letter, and {@code
   * last_error} names the event they are parked behind. When that event is redriven or discarded
   * they are sent again, so that the aggregate is handled in order.
   */
  PARK
}
