package io.sluice.handlers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Defers interrupts of the thread that closes a runtime, so that the runtime is closed in order.
 * Owned by that thread.
 */
final class KeptInterrupts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerRuntime.class);

  private boolean interrupted = Thread.interrupted();

  /** A wait with a deadline. */
  interface Wait {
    void within(long millis) throws InterruptedException;
  }

  /**
   * Waits, even if the thread is interrupted.
   *
   * @param deadline a time of {@link System#nanoTime}
   */
  void await(Wait wait, long deadline) {
    boolean waits = true;
    while (waits) {
      try {
        wait.within(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
        waits = false;
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
  }

  /** Closes a resource, and logs a failure so that the others are closed too. */
  void attempt(String what, Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("{} could not be closed in order; the rest is closed nevertheless", what, e);
    } finally {
      interrupted |= Thread.interrupted();
    }
  }

  /** Restores the interrupt status if the thread was interrupted. */
  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
