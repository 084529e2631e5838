package io.sluice.relay.binlog;

import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import java.util.Optional;

/** A decoded record of the engine. */
public sealed interface Decoded {

  /** Origin of the row; empty if the record is not a row. */
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
   * A row that is not a valid event, because a column has an invalid value.
   *
   * @param id id of the row, if it can be read
   * @param reason the column and the problem
   */
  record Unreadable(RowOrigin rowOrigin, Optional<String> id, String reason) implements Decoded {
    @Override
    public Optional<RowOrigin> origin() {
      return Optional.of(rowOrigin);
    }
  }

  /** A record without a row, such as a heartbeat. Only its offset is used. */
  record Nothing() implements Decoded {
    @Override
    public Optional<RowOrigin> origin() {
      return Optional.empty();
    }
  }
}
