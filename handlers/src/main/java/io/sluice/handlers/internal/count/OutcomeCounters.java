package io.sluice.handlers.internal.count;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** Counts what became of a domain's events since the runtime was built. Thread-safe. */
public final class OutcomeCounters {

  private final LongAdder published = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder parked = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder foreign = new LongAdder();

  private final LongAdder calls = new LongAdder();
  private final LongAdder callNanos = new LongAdder();

  /** A handler's call has ended, whatever came of it. */
  public void countCall(Duration took) {
    calls.increment();
    callNanos.add(took.toNanos());
  }

  public void countPublished() {
    published.increment();
  }

  public void countFailed() {
    failed.increment();
  }

  public void countRetried() {
    retried.increment();
  }

  public void countParked() {
    parked.increment();
  }

  public void countSkipped() {
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
