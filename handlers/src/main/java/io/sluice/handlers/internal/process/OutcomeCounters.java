package io.sluice.handlers.internal.process;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what has become of a domain's events since the runtime was built. Thread-safe. */
public final class OutcomeCounters {

  private final LongAdder published = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder parked = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder foreign = new LongAdder();

  private final LongAdder calls = new LongAdder();
  private final LongAdder callNanos = new LongAdder();

  /** A handler's call has ended, with whatever outcome. */
  void countCall(Duration took) {
    calls.increment();
    callNanos.add(took.toNanos());
  }

  void countPublished() {
    published.increment();
  }

  void countFailed() {
    failed.increment();
  }

  void countRetried() {
    retried.increment();
  }

  void countParked() {
    parked.increment();
  }

  void countSkipped() {
    skipped.increment();
  }

  /** A record that is no event of Sluice. */
  public void countForeign() {
    foreign.increment();
  }

  public long calls() {
    return calls.sum();
  }

  public Duration callTime() {
    return Duration.ofNanos(callNanos.sum());
  }

  public long published() {
    return published.sum();
  }

  public long failed() {
    return failed.sum();
  }

  public long retried() {
    return retried.sum();
  }

  public long parked() {
    return parked.sum();
  }

  public long skipped() {
    return skipped.sum();
  }

  public long foreign() {
    return foreign.sum();
  }
}
