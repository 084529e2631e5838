package io.sluice.relay.state;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.OutboxRow;

/**
 * One insertion of an event. A redrive deletes the row and inserts it again with the same id. Only
 * the redrive count in the headers distinguishes the copies, and each copy has an outcome that is
 * independent of the others.
 *
 * @param id id of the event
 * @param redrive value of the header that counts redrives; empty before the first redrive
 */
public record EventCopy(String id, String redrive) {

  /** Redrive count of a row without the header. */
  public static final String FIRST = "";

  /** Returns the copy that a row contains. */
  public static EventCopy of(OutboxRow row) {
    return new EventCopy(
        row.id(), row.headers().values().getOrDefault(RecordHeaders.REDRIVE, FIRST));
  }
}
