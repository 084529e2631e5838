package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Relayed events whose rows the relay must mark PUBLISHED. The queue is bounded. Events that do not
 * fit are left to reconciliation, which finds their rows PENDING and the events on their topics.
 * Thread-safe.
 */
public final class Completions {

  private static final int CAPACITY = 20_000;

  private final BlockingQueue<Completed> queue = new ArrayBlockingQueue<>(CAPACITY);

  /** A relayed event that needs no handler. */
  public record Completed(ShardId shard, EventCopy event) {}

  /** Adds relayed events, as long as the queue has room. */
  public void addAll(List<Completed> completed) {
    for (Completed event : completed) {
      if (!queue.offer(event)) {
        return;
      }
    }
  }

  /**
   * Removes the oldest events.
   *
   * @param most maximum number of events
   */
  public List<Completed> take(int most) {
    List<Completed> taken = new ArrayList<>();
    queue.drainTo(taken, most);
    return taken;
  }
}
