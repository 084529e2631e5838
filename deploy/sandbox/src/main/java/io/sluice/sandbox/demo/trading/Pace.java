package io.sluice.sandbox.demo.trading;

import java.util.concurrent.TimeUnit;

/** Spreads numbered events evenly over time. Thread-safe. */
final class Pace {

  private final double perSecond;
  private final long start = System.nanoTime();

  /**
   * Starts now.
   *
   * @param perSecond events a second
   */
  Pace(double perSecond) {
    this.perSecond = perSecond;
  }

  /** Waits until the n-th event is due. */
  void awaitTurn(long n) throws InterruptedException {
    Pause.until(start + (long) (n / perSecond * TimeUnit.SECONDS.toNanos(1)), "event " + n);
  }
}
