package io.sluice.handlers.internal.status;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once that a shard refuses to be read or written, and once that it is back. Thread-safe. */
public final class ShardHealth {

  private static final Logger LOG = LoggerFactory.getLogger(ShardHealth.class);

  private final Set<ShardId> away = ConcurrentHashMap.newKeySet();

  /** A statement on this shard failed for a reason that is not one row's alone. */
  public void failed(ShardId shard, SQLException cause) {
    if (away.add(shard)) {
      LOG.warn(
          "shard '{}' cannot be read or written: {} [SQL state {}, error {}]: its events wait, no"
              + " handler is called twice for that, and it is tried again until it answers",
          shard,
          cause.getMessage(),
          cause.getSQLState(),
          cause.getErrorCode());
    }
  }

  /** An event of this shard was brought to its end. */
  public void worked(ShardId shard) {
    if (away.remove(shard)) {
      LOG.info("shard '{}' can be read and written again", shard);
    }
  }
}
