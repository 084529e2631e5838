package io.sluice.sandbox.server.process;

import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition by polling. */
public final class Await {
  private static final Duration INTERVAL = Duration.ofMillis(20);

  private Await() {}

  /**
   * Polls until the condition holds or the bound has passed. Checks the condition once more after
   * the bound.
   *
   * @return whether the condition holds
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
