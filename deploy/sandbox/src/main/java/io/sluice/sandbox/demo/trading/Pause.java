package io.sluice.sandbox.demo.trading;

import java.util.concurrent.locks.LockSupport;

/** Waits until a moment in time. */
final class Pause {

  private Pause() {}

  /**
   * Returns when {@link System#nanoTime} has reached the moment.
   *
   * @param before the action that waits, for the message
   */
  static void until(long moment, String before) throws InterruptedException {
    for (long wait = moment - System.nanoTime(); wait > 0; wait = moment - System.nanoTime()) {
      LockSupport.parkNanos(wait);
      if (Thread.interrupted()) {
        throw new InterruptedException("interrupted before " + before);
      }
    }
  }
}
