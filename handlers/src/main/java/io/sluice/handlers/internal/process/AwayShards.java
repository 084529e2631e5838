package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * Shards that are away. Their events are deferred, and the shards are probed until they answer.
 * Owned by the domain's thread.
 */
final class AwayShards {

  /** A probe is repeated after this time, because the thread that runs it may have ended. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** A probe can be answered slightly before the shard is no longer away. */
  private static final Duration MOMENT = Duration.ofMillis(50);

  private final Rows rows;
  private final Deferrals deferrals;
  private final EventLoop loop;
  private final ProcessingMonitor monitor;
  private final Duration rest;
  private final Map<ShardId, EventLoop.Timer> timers = new HashMap<>();
  private final Map<ShardId, Instant> returned = new HashMap<>();

  /**
   * @param rest the wait before the first probe of a shard that failed again soon after it answered
   */
  AwayShards(
      Rows rows, Deferrals deferrals, EventLoop loop, ProcessingMonitor monitor, Duration rest) {
    this.rows = rows;
    this.deferrals = deferrals;
    this.loop = loop;
    this.monitor = monitor;
    this.rest = rest;
  }

  boolean has(ShardId shard) {
    return timers.containsKey(shard);
  }

  /** Defers the events of a shard if it is away. */
  void check(ShardId shard) {
    if (!rows.isAway(shard) || has(shard)) {
      return;
    }
    Instant last = returned.getOrDefault(shard, Instant.MIN);
    boolean isUnsteady = last.plus(rest).isAfter(loop.now());
    askAfter(isUnsteady ? rest : Duration.ZERO, shard);
    monitor.shardAway(shard);
    deferrals.shardAway(shard);
  }

  private void askAfter(Duration wait, ShardId shard) {
    timers.put(shard, loop.after(wait, () -> ask(shard)));
  }

  private void ask(ShardId shard) {
    askAfter(AGAIN, shard);
    rows.ask(shard, new RowRequest.Probe(() -> loop.post(() -> answered(shard))));
  }

  private void answered(ShardId shard) {
    EventLoop.Timer timer = timers.remove(shard);
    if (timer == null) {
      return;
    }
    loop.cancel(timer);
    if (rows.isAway(shard)) {
      askAfter(MOMENT, shard);
      return;
    }
    returned.put(shard, loop.now());
    monitor.shardBack(shard);
    deferrals.shardBack(shard);
  }
}
