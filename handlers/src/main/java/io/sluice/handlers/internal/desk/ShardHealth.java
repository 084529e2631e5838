package io.sluice.handlers.internal.desk;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says once that a shard refuses to be read or written, and once that it is back. Told by the
 * desk's thread, asked by any.
 */
final class ShardHealth {

  private static final Logger LOG = LoggerFactory.getLogger(ShardHealth.class);

  private final ShardId shard;
  private volatile boolean away;

  ShardHealth(ShardId shard) {
    this.shard = shard;
  }

  /** A statement failed for a reason that is not one row's alone. */
  void failed(SQLException cause) {
    if (!away) {
      away = true;
      LOG.warn(
          "shard '{}' cannot be read or written: {} [SQL state {}, error {}]: its events wait, no"
              + " handler is called twice for that, and it is tried again until it answers",
          shard,
          cause.getMessage(),
          cause.getSQLState(),
          cause.getErrorCode());
    }
  }

  boolean isAway() {
    return away;
  }

  void worked() {
    if (away) {
      away = false;
      LOG.info("shard '{}' can be read and written again", shard);
    }
  }
}
