package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.Rows;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A desk for each shard, with a thread of its own once it is asked for the first time. */
public final class ShardDesks implements Rows {

  private static final Duration LONGEST_END = Duration.ofSeconds(1);

  private final Map<ShardId, ShardDesk> desks = new TreeMap<>();
  private final ThreadFactory threads;
  // Both guarded by this.
  private final Map<ShardId, Thread> running = new TreeMap<>();
  private boolean closed;

  /**
   * @param clock one that is never set back, for waits
   */
  public ShardDesks(
      ShardDataSources shards,
      WriteBatching batching,
      HandlerTimings timings,
      InstantSource clock,
      ThreadFactory threads) {
    this.threads = threads;
    for (ShardId shard : shards.shards()) {
      desks.put(shard, new ShardDesk(shard, shards.get(shard), batching, timings, clock));
    }
  }

  @Override
  public boolean reaches(ShardId shard) {
    return desks.containsKey(shard);
  }

  @Override
  public boolean havePayloads() {
    return true;
  }

  @Override
  public boolean isAway(ShardId shard) {
    return desk(shard).isAway();
  }

  @Override
  public Set<ShardId> away() {
    Set<ShardId> away = new TreeSet<>();
    desks.forEach(
        (shard, desk) -> {
          if (desk.isAway()) {
            away.add(shard);
          }
        });
    return away;
  }

  @Override
  public void ask(ShardId shard, RowRequest request) {
    desk(shard).ask(request);
    start(shard);
  }

  private synchronized void start(ShardId shard) {
    Thread current = running.get(shard);
    // One that an error has ended, of a machine out of memory for one, leaves its work on the desk.
    if (!closed && (current == null || !current.isAlive())) {
      Thread thread = threads.newThread(desk(shard));
      thread.start();
      running.put(shard, thread);
    }
  }

  @Override
  public void callBegun(ShardId shard) {
    desk(shard).callBegun();
  }

  @Override
  public void callEnded(ShardId shard) {
    desk(shard).callEnded();
  }

  private ShardDesk desk(ShardId shard) {
    @Nullable ShardDesk desk = desks.get(shard);
    if (desk == null) {
      throw new IllegalArgumentException("shard '%s' has no desk".formatted(shard));
    }
    return desk;
  }

  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      closed = true;
      ending = new ArrayList<>(running.values());
    }
    desks.values().forEach(ShardDesk::stop);
    ending.forEach(Thread::interrupt);
    // Connections are given back before their pool is closed, if the database answers.
    boolean interrupted = Thread.interrupted();
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    for (Thread thread : ending) {
      interrupted |= !joined(thread, Duration.ofNanos(deadline - System.nanoTime()));
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static boolean joined(Thread thread, Duration longest) {
    try {
      thread.join(Math.max(1, longest.toMillis()));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }
}
