package io.sluice.handlers.api;

/** What the later events of an aggregate do once an earlier one is FAILED. */
public enum AfterFailure {

  /** They go on as if it had not been. */
  CONTINUE,

  /**
   * They become FAILED themselves, unseen by any handler and without a dead letter, with a {@code
   * last_error} that says behind which event they are parked. When that one is redriven or
   * discarded they are sent again, in their order: nothing of the aggregate is handled out of it.
   */
  PARK
}
