package io.sluice.handlers.api;

/** What the later events of an aggregate do after an earlier one is FAILED. */
public enum AfterFailure {

  /** Later events are handled as if the failed event had succeeded. */
  CONTINUE,

  /**
   * Later events are parked: they become FAILED without a call and without a dead letter, and
   * {@code last_error} names the event they are parked behind. When that event is redriven or
   * discarded, they are sent again, so that the aggregate is handled in order.
   */
  PARK
}
