package io.sluice.relay.group;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Limits how long this relay relies on its knowledge of its ownership. A process that was frozen
 * wakes up with stale knowledge: too much time has passed since the last renewal. The lease is then
 * suspended until Kafka has confirmed the membership. Renewed by one thread, read by all.
 */
final class Lease {

  /** Half the session timeout: Kafka expels no member sooner. */
  static final Duration DURATION = Duration.ofSeconds(3);

  private final LongSupplier nanoTime;
  private volatile long renewedAt;
  private volatile boolean suspended;

  Lease(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
    this.renewedAt = nanoTime.getAsLong();
  }

  /** Renews the lease, or suspends it if it had expired. */
  void renew() {
    long now = nanoTime.getAsLong();
    if (isExpired(now)) {
      suspended = true; // before the time, so that no reader sees a renewed lease in between
    }
    renewedAt = now;
  }

  /** Ends a suspension: Kafka has confirmed the membership since the last renewal. */
  void confirm() {
    suspended = false;
  }

  boolean isSuspended() {
    return suspended;
  }

  boolean isValid() {
    return !isExpired(nanoTime.getAsLong()) && !suspended;
  }

  private boolean isExpired(long now) {
    return now - renewedAt > DURATION.toNanos();
  }
}
