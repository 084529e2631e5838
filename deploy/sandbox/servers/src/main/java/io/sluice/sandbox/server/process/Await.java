package io.sluice.sandbox.server.process;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition that can only be looked at, never for a time. */
public final class Await {
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Await() {}

  /**
   * Whether the condition came true within the bound. It is looked at once more when the bound has
   * passed.
   *
   * @throws CancellationException when interrupted; the interrupt is restored
   */
  public static boolean until(Duration bound, BooleanSupplier condition) {
    long deadline = System.nanoTime() + bound.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - deadline >= 0) {
        return condition.getAsBoolean();
      }
      LockSupport.parkNanos(INTERVAL.toNanos());
      if (Thread.currentThread().isInterrupted()) {
        throw new CancellationException("interrupted while waiting");
      }
    }
    return true;
  }
}
