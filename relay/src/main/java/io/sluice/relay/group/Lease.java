package io.sluice.relay.group;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Tells whether what this relay knows of its ownership can still be true. A process that was frozen
 * wakes with its old knowledge: the time that has passed gives it away, and until Kafka has
 * confirmed the membership nothing is believed. Beaten by one thread, read by all.
 */
final class Lease {

  /** Half the session timeout: nobody is given up sooner than that. */
  static final Duration LIMIT = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;
  private volatile long last;
  private volatile boolean doubtful;

  Lease(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.last = nanoTime.getAsLong();
  }

  /** The thread lives. The doubt comes before the time, so that no reader sees only the latter. */
  void beat() {
    long now = nanoTime.getAsLong();
    if (isLate(now)) {
      doubtful = true;
    }
    last = now;
  }

  /** Kafka has confirmed the membership since the last beat. */
  void confirm() {
    doubtful = false;
  }

  boolean isDoubtful() {
    return doubtful;
  }

  boolean isFresh() {
    return !isLate(nanoTime.getAsLong()) && !doubtful;
  }

  private boolean isLate(long now) {
    return now - last > LIMIT.toNanos();
  }
}
