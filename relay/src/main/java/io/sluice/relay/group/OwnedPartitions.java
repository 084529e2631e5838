package io.sluice.relay.group;

import java.time.Duration;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The partitions this relay owns. Changed by the assignment's thread, read by all. */
final class OwnedPartitions {

  private static final Logger LOG = LoggerFactory.getLogger(OwnedPartitions.class);
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(30);
  private static final Duration RENEWAL = Duration.ofMillis(200);

  private final OwnershipListener listener;
  private final StateReports reports;
  private final Lease lease;
  private volatile Set<Integer> owned = Set.of();

  OwnedPartitions(OwnershipListener listener, StateReports reports, Lease lease) {
    this.listener = listener;
    this.reports = reports;
    this.lease = lease;
  }

  /** The lease is checked last: a process frozen between the two checks must notice it. */
  boolean contains(int partition) {
    return owned.contains(partition) && lease.isValid();
  }

  Set<Integer> all() {
    return owned;
  }

  void acquire(Collection<Integer> partitions) {
    Set<Integer> acquired = new TreeSet<>(partitions);
    acquired.removeAll(owned);
    if (acquired.isEmpty()) {
      return;
    }
    Set<Integer> all = new TreeSet<>(owned);
    all.addAll(acquired);
    reports.clear(acquired);
    owned = Set.copyOf(all);
    LOG.info("partitions {} acquired, now owning {}", acquired, all);
    callListener("acquired", () -> listener.acquired(acquired));
  }

  void lose(Collection<Integer> partitions) {
    Set<Integer> lost = remove(partitions);
    if (!lost.isEmpty()) {
      LOG.warn("partitions {} lost to other relays", lost);
      callListener("lost", () -> listener.lost(lost));
    }
  }

  /** Returns when the partitions are no longer in use, or after 30 s. */
  void release(Collection<Integer> partitions) {
    Set<Integer> released = remove(partitions);
    if (released.isEmpty()) {
      return;
    }
    LOG.info("releasing partitions {}", released);
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> callListener("released", () -> listener.released(released)),
            // In another thread: this one must renew the lease on the remaining partitions.
            task -> new Thread(task, "sluice-assignment-release").start());
    if (!await(done)) {
      LOG.warn(
          "partitions {} not released within {} s; revoking anyway (the new owner fences this one)",
          released,
          RELEASE_LIMIT.toSeconds());
    }
  }

  private Set<Integer> remove(Collection<Integer> partitions) {
    Set<Integer> rest = new TreeSet<>(owned);
    Set<Integer> removed = new TreeSet<>(partitions);
    removed.retainAll(rest);
    rest.removeAll(removed);
    owned = Set.copyOf(rest);
    return removed;
  }

  /**
   * Waits for a release and renews the lease meanwhile.
   *
   * @return whether it has ended in time
   */
  private boolean await(CompletableFuture<Void> done) {
    long deadline = System.nanoTime() + RELEASE_LIMIT.toNanos();
    while (!done.isDone() && System.nanoTime() - deadline < 0) {
      lease.renew();
      if (!awaitRenewal(done)) {
        return false;
      }
    }
    lease.renew();
    return done.isDone();
  }

  /**
   * Waits until the lease is to be renewed, or less if the release ends.
   *
   * @return false if the thread was interrupted
   */
  private static boolean awaitRenewal(CompletableFuture<Void> done) {
    try {
      done.get(RENEWAL.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException("exceptions of listeners are caught in callListener()", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A fault in the listener must not end the assignment, which would lose all shards. */
  private static void callListener(String what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("internal error while partitions were {}; restart the relay", what, e);
    }
  }
}
