package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.HandlerTimings;
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

/** The status stores of all shards. The thread of a store starts with its first request. */
public final class ShardStatusStores implements Rows {

  private static final Duration LONGEST_END = Duration.ofSeconds(1);

  private final Map<ShardId, ShardStatusStore> stores = new TreeMap<>();
  private final ThreadFactory threads;
  // Both guarded by this.
  private final Map<ShardId, Thread> running = new TreeMap<>();
  private boolean closed;

  /**
   * @param clock a clock for waits, which is never set back
   */
  public ShardStatusStores(
      ShardDataSources shards,
      WriteBatching batching,
      HandlerTimings timings,
      InstantSource clock,
      ThreadFactory threads) {
    this.threads = threads;
    for (ShardId shard : shards.shards()) {
      stores.put(shard, new ShardStatusStore(shard, shards.get(shard), batching, timings, clock));
    }
  }

  @Override
  public boolean reaches(ShardId shard) {
    return stores.containsKey(shard);
  }

  @Override
  public boolean havePayloads() {
    return true;
  }

  @Override
  public boolean isAway(ShardId shard) {
    return store(shard).isAway();
  }

  @Override
  public Set<ShardId> away() {
    Set<ShardId> away = new TreeSet<>();
    stores.forEach(
        (shard, store) -> {
          if (store.isAway()) {
            away.add(shard);
          }
        });
    return away;
  }

  @Override
  public void ask(ShardId shard, RowRequest request) {
    store(shard).ask(request);
    start(shard);
  }

  private synchronized void start(ShardId shard) {
    Thread current = running.get(shard);
    // A thread that ended with an error, such as OutOfMemoryError, is replaced. Its requests are
    // kept.
    if (!closed && (current == null || !current.isAlive())) {
      Thread thread = threads.newThread(store(shard));
      thread.start();
      running.put(shard, thread);
    }
  }

  @Override
  public void callBegun(ShardId shard) {
    store(shard).callBegun();
  }

  @Override
  public void callEnded(ShardId shard) {
    store(shard).callEnded();
  }

  @Override
  public void connectionTaken(ShardId shard) {
    store(shard).connectionTaken();
  }

  @Override
  public void connectionReturned(ShardId shard) {
    store(shard).connectionReturned();
  }

  private ShardStatusStore store(ShardId shard) {
    @Nullable ShardStatusStore store = stores.get(shard);
    if (store == null) {
      throw new IllegalArgumentException("shard '%s' has no data source".formatted(shard));
    }
    return store;
  }

  @Override
  public void close() {
    List<Thread> ending;
    synchronized (this) {
      closed = true;
      ending = new ArrayList<>(running.values());
    }
    stores.values().forEach(ShardStatusStore::stop);
    ending.forEach(Thread::interrupt);
    // Stores return their connections before the pool is closed, unless the database does not
    // answer.
    boolean isInterrupted = Thread.interrupted();
    long deadline = System.nanoTime() + LONGEST_END.toNanos();
    for (Thread thread : ending) {
      try {
        thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
      } catch (InterruptedException e) {
        isInterrupted = true;
      }
    }
    if (isInterrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
