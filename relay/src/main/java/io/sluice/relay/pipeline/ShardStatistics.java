package io.sluice.relay.pipeline;

import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * What happened to one source in this process, since it started. Counters only grow; the rest is as
 * last measured. Thread-safe.
 */
public final class ShardStatistics {

  /** What is counted. */
  public enum Counter {
    /** Times this relay took the source over. */
    TAKEOVERS,
    /** Events published from the binary log. */
    PUBLISHED_EVENTS,
    /** Bytes of their payloads. */
    PUBLISHED_BYTES,
    /** Kafka transactions, or groups of acknowledged records, that carried events or a position. */
    BATCHES,
    /** Nanoseconds Kafka took for them. */
    BATCH_NANOS,
    /** Rows that could not go to Kafka as they stand, and went to a dead-letter topic. */
    QUARANTINED_EVENTS,
    /** Rows that had been published before and were dropped after a restart. */
    DROPPED_ROWS,
    /** Rows of XA transactions, which wait for their commit. */
    PREPARED_ROWS,
    /** Events published from their table. */
    REPLAYED_EVENTS,
    /** Rows a sweep compared with their topics. */
    SWEPT_ROWS,
    /** Rows a sweep could not judge, because their topics do not reach back so far. */
    UNDECIDED_ROWS,
    /** Events the relay marked PUBLISHED itself. */
    COMPLETED_EVENTS,
    /** Rows removed by cleanup. */
    CLEANED_ROWS,
    /** Runs that ended by something that passes. */
    TRANSIENT_FAILURES,
    /** Runs that ended by something that needs an operator. */
    OPERATOR_FAILURES,
    /** Positions given up for a new one and a sweep. */
    HEALINGS,
    /** Failures of cleanup, sweep and the like. */
    UPKEEP_FAILURES
  }

  private final Map<Counter, LongAdder> counters = new EnumMap<>(Counter.class);
  private volatile @Nullable Instant storedAt;
  private volatile @Nullable Instant behind;
  private volatile @Nullable Duration headroom;
  private volatile boolean caughtUp;

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

  /** Notes that all up to what the server wrote at this moment is in Kafka. */
  public void readUpTo(Instant written) {
    behind = written;
    caughtUp = false;
  }

  /** Notes that the server had nothing more to send. */
  public void readUpToEnd(Instant now) {
    behind = now;
    caughtUp = true;
  }

  /** Notes that nothing is read until the next run. */
  public void interrupted() {
    caughtUp = false;
  }

  /** Notes that the position was stored. */
  public void stored(Instant now) {
    storedAt = now;
  }

  /** Notes for how long the server will keep what has not been read yet. */
  public void headroom(Duration left) {
    headroom = left;
  }

  /** Notes that the server keeps it for ever. */
  public void unlimitedHeadroom() {
    headroom = null;
  }

  /** Forgets what only the owner knows. */
  public void released() {
    storedAt = null;
    behind = null;
    headroom = null;
    caughtUp = false;
  }

  /** How far what is in Kafka lies behind now; empty while nothing was read. */
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

  /** For how long the server will keep what has not been read yet, as last measured. */
  public Optional<Duration> headroom() {
    return Optional.ofNullable(headroom);
  }
}
