package io.sluice.relay.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The statistics of one shard in this process. Counters start at 0 with the process and only grow;
 * the other values are the last measured ones. Thread-safe.
 */
public final class ShardStatistics {

  /** The counters. */
  public enum Counter {
    /** How often this relay has taken the shard over. */
    TAKEOVERS,
    /** Events published from the binary log. */
    PUBLISHED_EVENTS,
    /** Bytes of their payloads. */
    PUBLISHED_BYTES,
    /** Kafka transactions, or groups of acknowledged records, that carried events or a position. */
    BATCHES,
    /** Nanoseconds that Kafka needed for them. */
    BATCH_NANOS,
    /** Unpublishable rows that went to a dead-letter topic. */
    QUARANTINED_EVENTS,
    /** Rows that were read again after a restart and dropped, because they are in Kafka. */
    DROPPED_ROWS,
    /** Rows that were inserted as PUBLISHED or FAILED, and are not events to publish. */
    FINISHED_ROWS,
    /** Rows of prepared XA transactions. */
    PREPARED_ROWS,
    /** Events published from the table. */
    REPLAYED_EVENTS,
    /** Rows that reconciliation has compared with the topics. */
    SWEPT_ROWS,
    /** Rows that reconciliation could not decide, because the topics do not reach back so far. */
    UNDECIDED_ROWS,
    /** Events that the relay itself has marked PUBLISHED. */
    COMPLETED_EVENTS,
    /** Rows removed by cleanup. */
    CLEANED_ROWS,
    /** Runs that ended with a transient failure. */
    TRANSIENT_FAILURES,
    /** Runs that ended with a failure that needs an operator. */
    OPERATOR_FAILURES,
    /** Lost positions that were replaced. */
    HEALINGS,
    /** Failures of cleanup, reconciliation and other maintenance. */
    UPKEEP_FAILURES
  }

  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
  private volatile @Nullable Instant storedAt;
  private volatile @Nullable Instant behind;
  private volatile @Nullable Duration headroom;
  private volatile boolean caughtUp;

  /** By the name of a maintenance task that does not work at present: the problem. */
  private final Map<String, String> problems = new ConcurrentSkipListMap<>();

  public ShardStatistics() {
    for (Counter counter : Counter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  public void add(Counter counter, long count) {
    adder(counter).add(count);
  }

  /** The count since the process started. */
  public long count(Counter counter) {
    return adder(counter).sum();
  }

  private LongAdder adder(Counter counter) {
    LongAdder adder = counters.get(counter);
    if (adder == null) {
      throw new IllegalStateException("no counter " + counter);
    }
    return adder;
  }

  /** Records that everything the server wrote up to this time is in Kafka. */
  public void readUpTo(Instant written) {
    behind = written;
    caughtUp = false;
  }

  /** Records that the server has nothing more to send. */
  public void readUpToEnd(Instant now) {
    behind = now;
    caughtUp = true;
  }

  /** Records that nothing is read until the next run, and that no maintenance runs. */
  public void interrupted() {
    caughtUp = false;
    problems.clear();
  }

  /**
   * Records the state of a maintenance task.
   *
   * @param problem empty if the task works
   */
  public void maintained(String task, String problem) {
    if (problem.isEmpty()) {
      problems.remove(task);
    } else {
      problems.put(task, problem);
    }
  }

  /** The maintenance tasks that do not work at present, each with its problem. */
  public Map<String, String> problems() {
    return Map.copyOf(problems);
  }

  /** Records that the position was stored. */
  public void stored(Instant now) {
    storedAt = now;
  }

  /** Records how long the server will keep the binlog that has not been read yet. */
  public void headroom(Duration left) {
    headroom = left;
  }

  /** Records that the server never purges its binlog. */
  public void unlimitedHeadroom() {
    headroom = null;
  }

  /** Clears the values that only the owner of the shard knows. */
  public void released() {
    storedAt = null;
    behind = null;
    headroom = null;
    caughtUp = false;
  }

  /** How far Kafka is behind the server; empty before anything was read. */
  public Optional<Duration> lag(Instant now) {
    if (caughtUp) {
      return Optional.of(Duration.ZERO);
    }
    return Optional.ofNullable(behind)
        .map(written -> written.isAfter(now) ? Duration.ZERO : Duration.between(written, now));
  }

  /** When the position was last stored. */
  public Optional<Instant> storedAt() {
    return Optional.ofNullable(storedAt);
  }

  /** How long the server will keep the binlog that has not been read yet, as last measured. */
  public Optional<Duration> headroom() {
    return Optional.ofNullable(headroom);
  }
}
