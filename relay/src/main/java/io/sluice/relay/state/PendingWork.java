package io.sluice.relay.state;

import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The repairs a source's owner knows of and has not done yet. What is here is in Kafka too: whoever
 * adds or removes one has stored that before. Thread-safe.
 */
public final class PendingWork {

  private final Map<String, WorkItem> open = new LinkedHashMap<>(); // guarded by this

  /** Those left by predecessors. */
  public PendingWork(Collection<WorkItem> inherited) {
    addAll(inherited);
  }

  /** Notes new ones. */
  public synchronized void addAll(Collection<? extends WorkItem> repairs) {
    repairs.forEach(repair -> open.put(repair.key(), repair));
  }

  /** Those of a kind, oldest first. */
  public synchronized <R extends WorkItem> List<R> of(Class<R> kind) {
    return open.values().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Forgets those that are done. */
  public synchronized void removeAll(Collection<? extends WorkItem> done) {
    done.forEach(repair -> open.remove(repair.key()));
    notifyAll();
  }

  /** Waits until no more than this many of a kind are open; whether that is so in time. */
  public synchronized boolean awaitAtMost(
      int most, Class<? extends WorkItem> kind, Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (count(kind) > most) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** How many of a kind are open. */
  public synchronized int count(Class<? extends WorkItem> kind) {
    return (int) open.values().stream().filter(kind::isInstance).count();
  }
}
