package io.sluice.sandbox.demo.trading;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Spreads numbered events evenly over time. Thread-safe. */
final class Pace {

  private final double perSecond;
  private final long start = System.nanoTime();

  /**
   * Begins now.
   *
   * @param perSecond events a second
   */
  Pace(double perSecond) {
    this.perSecond = perSecond;
  }

  /** Waits until the n-th event is due. */
  void awaitTurn(long n) throws InterruptedException {
    long due = start + (long) (n / perSecond * TimeUnit.SECONDS.toNanos(1));
    for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before event " + n);
      }
    }
  }
}
