package io.sluice.repository;

/**
 * A row of an outbox table: an event, or one that others have written and that is none, since it
 * holds what no event has. Relays set such a row aside, so it is found among the failed.
 */
public sealed interface StoredRow permits StoredEvent, InvalidRow {

  /** Where it is. */
  EventKey key();

  /**
   * The event, for callers who can do nothing with a row that is none.
   *
   * @throws IllegalStateException if it is none; the message names the row and says why
   */
  StoredEvent event();
}
