package io.sluice.handlers.internal.row;

import io.sluice.outbox.ShardId;
import java.util.Set;

/**
 * Where events' rows are asked and told. Nothing here blocks, fails or throws: each request is
 * answered when the shard answers, on a thread that is not the caller's. Thread-safe.
 */
public interface Rows extends AutoCloseable {

  /** Whether there is a way to this shard. */
  boolean reaches(ShardId shard);

  /** Whether a read can bring an event's payload; if not, the payload is in the record alone. */
  boolean havePayloads();

  /** Whether the shard could not be read or written when that was tried last. */
  boolean isAway(ShardId shard);

  /** All shards of which that is so. */
  Set<ShardId> away();

  void ask(ShardId shard, RowRequest request);

  /** A handler was called for an event of this shard, whose outcome others may wait for. */
  void callBegun(ShardId shard);

  void callEnded(ShardId shard);

  /** Ends; what is not answered by then never is. */
  @Override
  void close();
}
