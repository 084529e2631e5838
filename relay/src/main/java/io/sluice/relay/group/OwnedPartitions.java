package io.sluice.relay.group;

import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The partitions this relay owns, each with its last reported state. Changed by the assignment's
 * thread, read by all; any thread may report.
 */
final class OwnedPartitions {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedPartitions.class);
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(30);
  private static final Duration RENEWAL = Duration.ofMillis(200);

  /** Brokers accept 4,096 bytes unless {@code offset.metadata.max.bytes} is lowered. */
  private static final int MAX_STATE_LENGTH = 1_000;

  private final Lease lease;
  private final Map<Integer, String> states = new ConcurrentHashMap<>();
  private volatile @Nullable OwnershipListener listener;

  OwnedPartitions(Lease lease) {
    this.lease = lease;
  }

  /** Sets the listener, before the first partition is acquired. */
  void listen(OwnershipListener added) {
    listener = added;
  }

  /** The lease is checked last: a process frozen between the two checks must notice it. */
  boolean contains(int partition) {
    return states.containsKey(partition) && lease.isValid();
  }

  Set<Integer> all() {
    return new TreeSet<>(states.keySet());
  }

  /** The last reported state of each partition; empty if none was reported. */
  Map<Integer, String> states() {
    return Map.copyOf(states);
  }

  /** Records the state of a partition, unless it is no longer owned. */
  void report(int partition, String state) {
    String stored = state.substring(0, Math.min(state.length(), MAX_STATE_LENGTH));
    states.computeIfPresent(partition, (owned, before) -> stored);
  }

  void acquire(Collection<Integer> partitions) {
    Set<Integer> acquired = new TreeSet<>(partitions);
    acquired.removeAll(states.keySet());
    if (acquired.isEmpty()) {
      return;
    }
    acquired.forEach(partition -> states.put(partition, ""));
    LOG.info("partitions {} acquired, now owning {}", acquired, all());
    callListener("acquired", known -> known.acquired(acquired));
  }

  void lose(Collection<Integer> partitions) {
    Set<Integer> lost = remove(partitions);
    if (!lost.isEmpty()) {
      LOG.warn("partitions {} lost to other relays", lost);
      callListener("lost", known -> known.lost(lost));
    }
  }

  /** Returns when the partitions are no longer in use, or after 30 s. */
  void release(Collection<Integer> partitions) {
    Set<Integer> released = remove(partitions);
    if (released.isEmpty()) {
      return;
    }
    LOG.info("releasing partitions {}", released);
    // In another thread: this one must renew the lease on the remaining partitions.
    FutureTask<Void> release =
        new FutureTask<>(() -> callListener("released", known -> known.released(released)), null);
    new Thread(release, "sluice-assignment-release").start();
    if (!awaitEnd(release)) {
      LOG.warn(
          "partitions {} not released within {} s; revoking anyway (the new owner fences this one)",
          released,
          RELEASE_LIMIT.toSeconds());
    }
  }

  private Set<Integer> remove(Collection<Integer> partitions) {
    Set<Integer> removed = new TreeSet<>(partitions);
    removed.retainAll(states.keySet());
    states.keySet().removeAll(removed);
    return removed;
  }

  /**
   * Waits for a release and renews the lease meanwhile.
   *
   * @return whether it has ended in time
   */
  private boolean awaitEnd(FutureTask<Void> release) {
    long deadline = System.nanoTime() + RELEASE_LIMIT.toNanos();
    try {
      while (System.nanoTime() - deadline < 0) {
        lease.renew();
        if (hasEnded(release)) {
          lease.renew();
          return true;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return release.isDone();
  }

  /** Waits a moment. An {@code Error} of the release ends the assignment, and so the relay. */
  private static boolean hasEnded(FutureTask<Void> release) throws InterruptedException {
    try {
      release.get(RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return false;
    } catch (ExecutionException e) {
      throw new IllegalStateException("a release of partitions ended by " + e.getCause(), e);
    }
  }

  /** A fault in the listener must not end the assignment, which would lose all shards. */
  private void callListener(String what, Consumer<OwnershipListener> call) {
    try {
      call.accept(Objects.requireNonNull(listener));
    } catch (RuntimeException e) {
      LOG.error("internal error while partitions were {}; restart the relay", what, e);
    }
  }
}
