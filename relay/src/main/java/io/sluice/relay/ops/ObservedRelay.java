package io.sluice.relay.ops;

import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.shard.ShardState;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** A running relay, for those who only look. Thread-safe. */
public interface ObservedRelay {

  /** Every source it owns and how it is. */
  Map<ShardId, ShardState> states();

  /** What is counted and measured of sources. */
  RelayStatistics statistics();

  /** Threads of closed runs that did not end. */
  int leftovers();

  /** Whether it takes part in its group. */
  boolean hasJoined();

  /** Completes when its process should end: the reason. */
  CompletableFuture<String> end();
}
