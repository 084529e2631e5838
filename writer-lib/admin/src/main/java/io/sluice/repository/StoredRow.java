package io.sluice.repository;

/**
 * A row of an outbox table: an event, or a row of another producer that is not a valid event. The
 * relay makes invalid rows FAILED.
 */
public sealed interface StoredRow permits StoredEvent, InvalidRow {

  /** Identifies the row. */
  EventKey key();

  /**
   * The event, for callers that cannot use an invalid row.
   *
   * @throws IllegalStateException if the row is invalid; the message names the row and the reason
   */
  StoredEvent event();
}
