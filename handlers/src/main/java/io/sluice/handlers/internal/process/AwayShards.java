package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/** Shards that do not answer, which are asked until they do. Owned by the domain's thread. */
final class AwayShards {

  /** The question is asked again, in case that the thread that was to answer it has ended. */
  private static final Duration AGAIN = Duration.ofMinutes(1);

  /** The answer may come a moment before the shard counts as there. */
  private static final Duration MOMENT = Duration.ofMillis(50);

  private final Rows rows;
  private final EventLoop loop;
  private final Duration rest;
  private final Map<ShardId, EventLoop.Timer> timers = new HashMap<>();
  private final Map<ShardId, Instant> returned = new HashMap<>();

  /**
   * @param rest before a shard that answers and fails again at once is asked again
   */
  AwayShards(Rows rows, EventLoop loop, Duration rest) {
    this.rows = rows;
    this.loop = loop;
    this.rest = rest;
  }

  boolean has(ShardId shard) {
    return timers.containsKey(shard);
  }

  /**
   * Adds a shard.
   *
   * @param whenBack run once it answers, when it is not one of these any more
   * @return whether it is new
   */
  boolean add(ShardId shard, Runnable whenBack) {
    if (has(shard)) {
      return false;
    }
    Instant last = returned.getOrDefault(shard, Instant.MIN);
    boolean isUnsteady = last.plus(rest).isAfter(loop.now());
    askAfter(isUnsteady ? rest : Duration.ZERO, shard, whenBack);
    return true;
  }

  private void askAfter(Duration wait, ShardId shard, Runnable whenBack) {
    timers.put(shard, loop.after(wait, () -> ask(shard, whenBack)));
  }

  private void ask(ShardId shard, Runnable whenBack) {
    askAfter(AGAIN, shard, whenBack);
    rows.ask(shard, new RowRequest.Probe(() -> loop.post(() -> answered(shard, whenBack))));
  }

  private void answered(ShardId shard, Runnable whenBack) {
    EventLoop.Timer timer = timers.remove(shard);
    if (timer == null) {
      return;
    }
    loop.cancel(timer);
    if (rows.isAway(shard)) {
      askAfter(MOMENT, shard, whenBack);
      return;
    }
    returned.put(shard, loop.now());
    whenBack.run();
  }
}
