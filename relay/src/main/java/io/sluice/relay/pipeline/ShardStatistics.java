package io.sluice.relay.pipeline;

import io.sluice.relay.publish.Pace;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
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
    /** Rows that are open and on their topics after their server has lost transactions. */
    REOPENED_ROWS,
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

  /**
   * A part of the maintenance that does not work.
   *
   * @param since its first failure since it worked last, or since the run started
   * @param task what fails
   */
  public record Failure(Instant since, String task, String problem) {

    @Override
    public String toString() {
      return "does not work: %s, since %s: %s"
          .formatted(task, since.truncatedTo(ChronoUnit.SECONDS), problem);
    }
  }

  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
  private final Map<String, Failure> failures = new ConcurrentHashMap<>();
  private volatile @Nullable Instant storedAt;
  private volatile @Nullable Instant readUpTo;
  private volatile @Nullable Instant behindSince;
  private volatile @Nullable Duration headroom;

  private final Pace pace = new Pace();

  public ShardStatistics() {
    for (Counter counter : Counter.values()) {
      counters.put(counter, new LongAdder());
    }
  }

  public void add(Counter counter, long count) {
    adder(counter).add(count);
  }

  /** How much Kafka takes of the shard at once. */
  public Pace pace() {
    return pace;
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

  /**
   * Records that everything the server committed up to this time is in Kafka, and maybe no more.
   */
  public void readUpTo(Instant time) {
    readUpTo = time;
    behindSince = time;
  }

  /**
   * Records how far the current run has come.
   *
   * @param upTo everything the server committed up to this time is in Kafka
   * @param behind time of the first commit that is known to be missing; empty if there is none
   */
  void reached(Instant upTo, Optional<Instant> behind) {
    readUpTo = upTo;
    behindSince = behind.orElse(null);
  }

  /** Records that nothing is read until the next run. */
  public void interrupted() {
    behindSince = readUpTo;
    failures.clear();
  }

  /**
   * Records that a part of the maintenance fails.
   *
   * @param task what fails, such as "cleanup"
   */
  public void fails(String task, String problem) {
    failures.compute(
        task,
        (name, before) ->
            new Failure(before == null ? Instant.now() : before.since(), name, problem));
  }

  /** Records that a part of the maintenance works. */
  public void works(String task) {
    failures.remove(task);
  }

  /** The part of the maintenance that has been failing for the longest time, if any. */
  public Optional<Failure> failure() {
    return failures.values().stream().min(Comparator.comparing(Failure::since));
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
    readUpTo = null;
    behindSince = null;
    headroom = null;
    failures.clear();
  }

  /** How far Kafka is behind the server; empty before anything was read. */
  public Optional<Duration> lag(Instant now) {
    Instant since = behindSince;
    if (since != null) {
      return Optional.of(since.isAfter(now) ? Duration.ZERO : Duration.between(since, now));
    }
    return Optional.ofNullable(readUpTo).map(known -> Duration.ZERO);
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
