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

/** What this relay owns. Changed by the assignment's thread, read by all. */
final class Ownership {

  private static final Logger LOG = LoggerFactory.getLogger(Ownership.class);
  private static final Duration RELEASE_LIMIT = Duration.ofSeconds(30);
  private static final Duration BEAT = Duration.ofMillis(200);

  private final OwnershipListener listener;
  private final StateReports reports;
  private final Lease pulse;
  private volatile Set<Integer> owned = Set.of();

  Ownership(OwnershipListener listener, StateReports reports, Lease pulse) {
    this.listener = listener;
    this.reports = reports;
    this.pulse = pulse;
  }

  /** In this order: a process frozen in between must find that it was. */
  boolean owns(int partition) {
    return owned.contains(partition) && pulse.isFresh();
  }

  Set<Integer> owned() {
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
    reports.begin(acquired);
    owned = Set.copyOf(all);
    LOG.info("partitions {} acquired, now owning {}", acquired, all);
    tell("acquired", () -> listener.acquired(acquired));
  }

  void lose(Collection<Integer> partitions) {
    Set<Integer> lost = remove(partitions);
    if (!lost.isEmpty()) {
      LOG.warn("partitions {} lost to other relays", lost);
      tell("lost", () -> listener.lost(lost));
    }
  }

  /** Returns when they are no longer in use, or that has taken too long. */
  void release(Collection<Integer> partitions) {
    Set<Integer> released = remove(partitions);
    if (released.isEmpty()) {
      return;
    }
    LOG.info("partitions {} to be released", released);
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () -> tell("released", () -> listener.released(released)),
            // Not here: meanwhile the pulse must go on for all that stays.
            task -> new Thread(task, "sluice-assignment-release").start());
    if (!await(done)) {
      LOG.warn("partitions {} still in use, given away all the same", released);
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

  /** Whether it is done in time. */
  private boolean await(CompletableFuture<Void> done) {
    long deadline = System.nanoTime() + RELEASE_LIMIT.toNanos();
    while (!done.isDone() && System.nanoTime() - deadline < 0) {
      pulse.beat();
      if (!awaitBeat(done)) {
        return false;
      }
    }
    pulse.beat();
    return done.isDone();
  }

  /** Whether to wait on. */
  private static boolean awaitBeat(CompletableFuture<Void> done) {
    try {
      done.get(BEAT.toMillis(), TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException e) {
      return true;
    } catch (ExecutionException e) {
      throw new IllegalStateException("what a listener throws is kept from here", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** A fault in the listener must not end the assignment: it would cost all shards. */
  private static void tell(String what, Runnable call) {
    try {
      call.run();
    } catch (RuntimeException e) {
      LOG.error("a fault of the relay itself when told what it {}; restart it", what, e);
    }
  }
}
