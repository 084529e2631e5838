package io.sluice.handlers.internal.status;

import io.sluice.outbox.ShardId;
import java.util.Set;

/**
 * Reads and writes the rows of events. No method blocks or fails because of a shard: each request
 * is answered once the shard answers, on another thread than the caller's. Thread-safe.
 */
public interface Rows extends AutoCloseable {

  /** Whether a data source is known for this shard. */
  boolean reaches(ShardId shard);

  /** Whether a read can bring an event's payload; if not, the payload is in the record alone. */
  boolean havePayloads();

  /** Whether the shard's last answer was a failure, or its next one is overdue. */
  boolean isAway(ShardId shard);

  /** All shards that are away. */
  Set<ShardId> away();

  void ask(ShardId shard, RowRequest request);

  /** A handler is called for an event of this shard: other writes may wait for its outcome. */
  void callBegun(ShardId shard);

  void callEnded(ShardId shard);

  /** Ends; requests that are pending by then are never answered. */
  @Override
  void close();
}
