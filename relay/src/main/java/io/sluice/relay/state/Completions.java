package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/**
 * Events in Kafka whose rows the relay is to mark PUBLISHED. Bounded: those that find no place are
 * left to the sweep, which finds their rows PENDING and them on their topics. Thread-safe.
 */
public final class Completions {

  private static final int CAPACITY = 20_000;

  private final BlockingQueue<Completed> queue = new ArrayBlockingQueue<>(CAPACITY);

  /** An event that needs no handler. */
  public record Completed(ShardId shard, EventCopy event) {}

  /** Notes what is in Kafka now. */
  public void addAll(List<Completed> completed) {
    for (Completed event : completed) {
      if (!queue.offer(event)) {
        return;
      }
    }
  }

  /** Takes the oldest, at most this many. */
  public List<Completed> take(int most) {
    List<Completed> taken = new ArrayList<>();
    queue.drainTo(taken, most);
    return taken;
  }
}
