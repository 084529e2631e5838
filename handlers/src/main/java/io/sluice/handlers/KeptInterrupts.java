package io.sluice.handlers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Defers interrupts of the thread that closes a runtime until it has done so, since a thread closes
 * it in order even because of an interrupt. Owned by that thread.
 */
final class KeptInterrupts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerRuntime.class);

  private boolean interrupted = Thread.interrupted();

  /** A wait with a limit. */
  interface Wait {
    void within(long millis) throws InterruptedException;
  }

  /**
   * Waits, even if the thread is interrupted.
   *
   * @param deadline by {@link System#nanoTime}
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

  /** Closes something, and logs a failure so that the rest is closed too. */
  void attempt(String what, Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("{} could not be closed in order; the rest is closed nevertheless", what, e);
    } finally {
      interrupted |= Thread.interrupted();
    }
  }

  /** Interrupts the thread if it was interrupted meanwhile. */
  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
