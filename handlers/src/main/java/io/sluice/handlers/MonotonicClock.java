package io.sluice.handlers;

import java.time.Instant;
import java.time.InstantSource;

/** A clock for waits: near enough to the time of day, and never set back. Thread-safe. */
final class MonotonicClock implements InstantSource {

  private final Instant start = Instant.now();
  private final long startNanos = System.nanoTime();

  @Override
  public Instant instant() {
    return start.plusNanos(System.nanoTime() - startNanos);
  }
}
