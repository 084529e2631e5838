package io.sluice.relay.state;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.OperatorNeededException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Open work items of a shard. This is a copy of what Kafka contains: callers store an addition or
 * removal in Kafka before they call a method of this class. Thread-safe.
 */
public final class PendingWork {

  private final Map<String, WorkItem> open = new LinkedHashMap<>(); // guarded by this

  /** Creates pending work with the items of previous owners. */
  public PendingWork(Collection<WorkItem> inherited) {
    addAll(inherited);
  }

  /**
   * Reads what previous owners of a shard stored. The result is complete only if the caller's
   * producer has the shard's transactional id.
   */
  static PendingWork read(KafkaSettings kafka, PositionSlot slot) {
    Map<String, WorkItem> open = new LinkedHashMap<>();
    try (TopicTail tail = TopicTail.open(kafka)) {
      tail.readAll(slot.pendingWork(), record -> apply(record, slot, open));
    }
    return new PendingWork(open.values());
  }

  private static void apply(
      ConsumerRecord<byte[], byte[]> record, PositionSlot slot, Map<String, WorkItem> open) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    if (!key.startsWith(slot.source() + "/")) {
      return; // of a shard that had this partition before
    }
    open.remove(key);
    if (record.value() != null) {
      open.put(key, parse(record, slot));
    }
  }

  private static WorkItem parse(ConsumerRecord<byte[], byte[]> record, PositionSlot slot) {
    try {
      return WorkItemFormat.fromJson(record.value());
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "a work item of shard '%s' in %s at offset %d cannot be parsed: %s"
              .formatted(slot.source(), slot.pendingWork(), record.offset(), e.getMessage()),
          "run the relay version that wrote it",
          e);
    }
  }

  /** Adds new items. */
  public synchronized void addAll(Collection<? extends WorkItem> items) {
    items.forEach(item -> open.put(item.key(), item));
  }

  /** Moves open items behind all others. */
  public synchronized void postpone(Collection<? extends WorkItem> items) {
    for (WorkItem item : items) {
      if (open.remove(item.key()) != null) {
        open.put(item.key(), item);
      }
    }
  }

  /** Returns the open items of a kind, oldest first, and postponed ones last. */
  public synchronized <R extends WorkItem> List<R> of(Class<R> kind) {
    return open.values().stream().filter(kind::isInstance).map(kind::cast).toList();
  }

  /** Removes completed items. */
  public synchronized void removeAll(Collection<? extends WorkItem> done) {
    done.forEach(item -> open.remove(item.key()));
    notifyAll();
  }

  /**
   * Waits until at most {@code most} items of a kind are open.
   *
   * @return false if the timeout expires first
   */
  public synchronized boolean awaitAtMost(
      int most, Class<? extends WorkItem> kind, Duration timeout) throws InterruptedException {
    long deadline = System.nanoTime() + timeout.toNanos();
    while (count(kind) > most) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      TimeUnit.NANOSECONDS.timedWait(this, left);
    }
    return true;
  }

  /** Returns the number of open items of a kind. */
  public synchronized int count(Class<? extends WorkItem> kind) {
    return (int) open.values().stream().filter(kind::isInstance).count();
  }
}
