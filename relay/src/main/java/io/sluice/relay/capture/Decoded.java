package io.sluice.relay.capture;

import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import java.util.Optional;

/** An outbox row that was decoded from the binlog. */
public sealed interface Decoded {

  RowOrigin origin();

  /** A committed row. */
  record Row(OutboxRow row) implements Decoded {
    @Override
    public RowOrigin origin() {
      return row.origin();
    }
  }

  /**
   * A row that was inserted as PUBLISHED or FAILED, such as a copy; it is not an event to be
   * published.
   */
  record Finished(RowOrigin origin) implements Decoded {}

  /** A row of an XA transaction, which may still be rolled back. */
  record Prepared(RowOrigin origin, String id) implements Decoded {}

  /**
   * A row that is not a valid event, because a column has an invalid value.
   *
   * @param id id of the row, if it can be read
   * @param reason the column and the problem
   */
  record Invalid(RowOrigin origin, Optional<String> id, String reason) implements Decoded {}
}
