package io.sluice.relay.state;

import io.sluice.outbox.RecordHeaders;
import io.sluice.relay.shard.OutboxRow;

/**
 * One of the times an event was inserted. A redrive deletes the row and inserts it again under the
 * same id; only the count in its headers tells the two apart, and what became of the one says
 * nothing about the other.
 *
 * @param id the event's
 * @param redrive the header that counts redrives, as it stands; empty before the first
 */
public record EventCopy(String id, String redrive) {

  /** What stands for the header that a row does not have. */
  public static final String FIRST = "";

  /** The copy that a row is. */
  public static EventCopy of(OutboxRow row) {
    return new EventCopy(
        row.id(), row.headers().values().getOrDefault(RecordHeaders.REDRIVE, FIRST));
  }
}
