package io.sluice.handlers.internal.process;

/** What a deferred event waits for before its row is read again. */
enum Awaited {
  /** The time of its next attempt. */
  RETRY_TIME("for the time of their next attempt"),
  /** Some time, after something has failed that says nothing about the event. */
  RECOVERY("to be tried again after a failure that is not theirs"),
  /** Its shard, which does not answer or has many outcomes still to write. */
  SHARD("for their shard to answer"),
  /** A server that has the row. */
  ROW("for a server that has their row"),
  /** The record of a redriven event that comes before it. */
  REDRIVEN_EVENT("for the record of a redriven event"),
  /** The event before it in its aggregate, which takes long or is deferred itself. */
  PREDECESSOR("behind an event of their aggregate"),
  /** Room in the buffer for its payload. */
  ROOM("for room in the buffer");

  private final String waits;

  Awaited(String waits) {
    this.waits = waits;
  }

  /** The same as the end of a sentence. */
  String waits() {
    return waits;
  }
}
