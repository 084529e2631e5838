package io.sluice.relay.binlog;

import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import java.util.Optional;

/** What a record captured by the engine is. */
public sealed interface Decoded {

  /** Where the row was written, if it is one. */
  Optional<RowOrigin> origin();

  /** A committed outbox row. */
  record Row(OutboxRow row) implements Decoded {
    @Override
    public Optional<RowOrigin> origin() {
      return Optional.of(row.origin());
    }
  }

  /** A row of an XA transaction, which may still be rolled back. */
  record Prepared(RowOrigin rowOrigin, String id) implements Decoded {
    @Override
    public Optional<RowOrigin> origin() {
      return Optional.of(rowOrigin);
    }
  }

  /**
   * A row that is no event: a column holds what it must not.
   *
   * @param id of the row, if that much can be read
   * @param reason which column, and what is wrong with it
   */
  record Unreadable(RowOrigin rowOrigin, Optional<String> id, String reason) implements Decoded {
    @Override
    public Optional<RowOrigin> origin() {
      return Optional.of(rowOrigin);
    }
  }

  /** Nothing to publish, such as a heartbeat; its offset still counts. */
  record Nothing() implements Decoded {
    @Override
    public Optional<RowOrigin> origin() {
      return Optional.empty();
    }
  }
}
