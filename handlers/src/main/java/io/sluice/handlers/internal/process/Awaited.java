package io.sluice.handlers.internal.process;

/** What a deferred event waits for before its row is read again. */
enum Awaited {
  /** The backoff before the next attempt. */
  RETRY_TIME("for the time of their next attempt"),
  /** A backoff after a failure that is not counted against the event. */
  RECOVERY("to be tried again after a failure that is not theirs"),
  /** The shard, which is away or has too many outstanding events. */
  SHARD("for their shard to answer"),
  /** A server that has the row. */
  ROW("for a server that has their row"),
  /** A row that is missing and cannot have been cleaned up. */
  MISSING_ROW("for their missing row"),
  /** The record of a redriven event that comes before this event. */
  REDRIVEN_EVENT("for the record of a redriven event"),
  /** The event before it in its aggregate queue, which is slow or deferred itself. */
  PREDECESSOR("behind an event of their aggregate"),
  /** Room in the buffer for its payload. */
  ROOM("for room in the buffer");

  private final String waits;

  Awaited(String waits) {
    this.waits = waits;
  }

  /** The awaited condition as the end of a sentence. */
  String waits() {
    return waits;
  }
}
