package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/** Counts the outcomes of a domain's events since the runtime was built. Thread-safe. */
public final class OutcomeCounters {

  public enum Counter {
    PUBLISHED,
    FAILED,
    RETRIED,
    PARKED,
    /** Events that were already finished, or whose row was cleaned up. */
    SKIPPED,
    /** Events that went to the dead-letter topic, because their row is missing. */
    MISSING,
    /** Records that were not written by a relay. */
    FOREIGN,
    /** Calls of handlers that have ended, with any outcome. */
    CALLS
  }

  private final Map<Counter, LongAdder> counts = new EnumMap<>(Counter.class);
  private final LongAdder callNanos = new LongAdder();

  public OutcomeCounters() {
    for (Counter counter : Counter.values()) {
      counts.put(counter, new LongAdder());
    }
  }

  public void count(Counter counter) {
    adder(counter).increment();
  }

  private LongAdder adder(Counter counter) {
    return Objects.requireNonNull(counts.get(counter), "counter");
  }

  /** Counts a call that has ended. */
  void countCall(Duration took) {
    count(Counter.CALLS);
    callNanos.add(took.toNanos());
  }

  public long get(Counter counter) {
    return adder(counter).sum();
  }

  /** The total duration of all calls. */
  public Duration callTime() {
    return Duration.ofNanos(callNanos.sum());
  }
}
