package io.sluice.handlers.internal.status;

import io.sluice.outbox.ShardId;
import java.util.Set;

/**
 * Reads and writes the rows of events. No method blocks, or fails because of a shard. A request is
 * answered on another thread, as soon as the shard answers. Thread-safe.
 */
public interface Rows extends AutoCloseable {

  /** Whether the shard has a data source. */
  boolean reaches(ShardId shard);

  /** Whether reads can return the payload. Otherwise, only the record contains it. */
  boolean havePayloads();

  /** Whether the shard's last answer was a failure, or the next one is overdue. */
  boolean isAway(ShardId shard);

  Set<ShardId> away();

  void ask(ShardId shard, RowRequest request);

  /**
   * Signals that a handler is called, so that other writes of the shard may wait for its outcome.
   */
  void callBegun(ShardId shard);

  void callEnded(ShardId shard);

  /** Signals that a call has a connection of the shard's data source. */
  default void connectionTaken(ShardId shard) {}

  /** Signals that a call has returned its connection. */
  default void connectionReturned(ShardId shard) {}

  /** Stops all stores. Pending requests are never answered. */
  @Override
  void close();
}
