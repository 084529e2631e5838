package io.sluice.handlers.internal.work;

import java.util.concurrent.atomic.LongAdder;

/** Counts what became of events since the runtime was built. Thread-safe. */
public final class OutcomeCounters {

  private final LongAdder published = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final LongAdder retried = new LongAdder();
  private final LongAdder skipped = new LongAdder();
  private final LongAdder foreign = new LongAdder();

  void countPublished() {
    published.increment();
  }

  void countFailed() {
    failed.increment();
  }

  void countRetried() {
    retried.increment();
  }

  void countSkipped() {
    skipped.increment();
  }

  /** A record that is no event of Sluice. */
  public void countForeign() {
    foreign.increment();
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

  public long skipped() {
    return skipped.sum();
  }

  public long foreign() {
    return foreign.sum();
  }
}
