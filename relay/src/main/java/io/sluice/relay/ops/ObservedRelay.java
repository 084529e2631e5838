package io.sluice.relay.ops;

import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.shard.ShardState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A read-only view of a running relay. Thread-safe. */
public interface ObservedRelay {

  /** The state of each shard that it owns. */
  Map<ShardId, ShardState> states();

  /** The state of each shard that it is configured for and does not own. */
  Map<ShardId, ShardState> unowned();

  /** Counters and measurements of shards. */
  RelayStatistics statistics();

  /** Number of threads of closed runs that have not ended. */
  int leakedThreads();

  /** Whether it is a member of its group, and the brokers have answered lately. */
  boolean hasJoined();

  /** Completes with the reason when the process should end. */
  CompletableFuture<String> end();
}
