package io.sluice.relay.decode;

import java.util.Optional;

/** What a record captured by the engine is. */
public sealed interface Decoded {

  /** A committed outbox row. */
  record Row(OutboxRow row) implements Decoded {}

  /** A row of an XA transaction, which may still be rolled back. */
  record Prepared(RowOrigin origin, String id) implements Decoded {}

  /**
   * A row that is no event: a column holds what it must not.
   *
   * @param id of the row, if that much can be read
   * @param reason which column, and what is wrong with it
   */
  record Unreadable(RowOrigin origin, Optional<String> id, String reason) implements Decoded {}

  /** Nothing to publish, such as a heartbeat; its offset still counts. */
  record Nothing() implements Decoded {}
}
