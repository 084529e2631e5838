package io.sluice.handlers.internal.process;

/** What is next for the first event of an aggregate. */
enum NextStep {
  /** Its row is not known, or was read too long ago. */
  READ_ROW,
  /** Its row is missing or older than its record: whether that is certain has to be asked. */
  CONFIRM_ROW,
  /** It is finished already, its row is gone, or it was redriven since. */
  SKIP,
  /** Which events of its shard have failed has to be asked. */
  ASK_FOR_FAILED,
  /** It is to be parked behind a failed event. */
  PARK,
  /** Its shard is away. */
  AWAIT_SHARD,
  /** The time of its next attempt has not come. */
  AWAIT_RETRY_TIME,
  /** Its row was not there when it was read with its payload, and is now. */
  AWAIT_ROW,
  /** Its handler may be called. */
  CALL
}
