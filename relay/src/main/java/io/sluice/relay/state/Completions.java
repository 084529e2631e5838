package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Relayed events whose rows the relay must mark PUBLISHED, in bounded memory. Relaying never waits
 * for marking, which also other domains would have to wait for: events without room are omitted.
 * Reconciliation finds them again, because their rows are unfinished and they are on their topics.
 * Thread-safe.
 */
public final class Completions {

  /** About 3 MB. */
  private static final int CAPACITY = 20_000;

  /** Longer than it takes to mark the events of a full queue on a busy server. */
  public static final Duration PATIENCE = Duration.ofSeconds(20);

  private final Deque<Completed> queue = new ArrayDeque<>(); // guarded by this
  private boolean isWorking = true; // guarded by this

  /** A previous run may have ended before it has marked its last rows. */
  private int omissions = 1; // guarded by this

  /** A relayed event that needs no handler. */
  public record Completed(ShardId shard, EventCopy event) {}

  /**
   * Waits until there is room, or until no row could be marked for some time.
   *
   * @param patience how long to wait for rows to be marked
   */
  public synchronized void awaitRoom(Duration patience) throws InterruptedException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (isFull() && isWorking) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        isWorking = false;
        return;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
  }

  private boolean isFull() {
    return queue.size() >= CAPACITY;
  }

  /** Adds relayed events. Omits them if there is no room. */
  public synchronized void addAll(List<Completed> completed) {
    if (completed.isEmpty()) {
      return;
    }
    if (isFull()) {
      omissions++;
    } else {
      queue.addAll(completed);
    }
  }

  /**
   * Removes the oldest events, to mark their rows.
   *
   * @param most maximum number of events
   */
  public synchronized List<Completed> take(int most) {
    List<Completed> taken = new ArrayList<>();
    while (taken.size() < most && !queue.isEmpty()) {
      taken.add(queue.remove());
    }
    return taken;
  }

  /**
   * Records what became of events that were taken.
   *
   * @param failed those to be taken again
   */
  public synchronized void marked(Collection<Completed> taken, Collection<Completed> failed) {
    queue.addAll(failed);
    isWorking |= failed.size() < taken.size();
    notifyAll();
  }

  /** Whether rows can be marked, and half of the memory is free for events that were omitted. */
  public synchronized boolean isReady() {
    return isWorking && queue.size() <= CAPACITY / 2;
  }

  /** How often events were omitted. Their rows are to be found and marked after each time. */
  public synchronized int omissions() {
    return omissions;
  }
}
