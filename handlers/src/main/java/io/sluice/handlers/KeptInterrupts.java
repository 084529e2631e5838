package io.sluice.handlers;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps interrupts from the thread that closes a runtime until it has done so: whoever closes
 * because of an interrupt wants an orderly end no less. Owned by that thread.
 */
final class KeptInterrupts implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(HandlerRuntime.class);

  private boolean interrupted = Thread.interrupted();

  /** Waits for something, for so long at most. */
  interface Wait {
    void within(long millis) throws InterruptedException;
  }

  /**
   * Waits to the end, interrupted or not.
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

  /** Closes something; if that fails, the rest is to be closed nevertheless. */
  void attempt(String what, Runnable closing) {
    try {
      closing.run();
    } catch (RuntimeException | Error e) {
      LOG.warn("{} could not be closed in order; the rest is closed nevertheless", what, e);
    } finally {
      interrupted |= Thread.interrupted();
    }
  }

  /** Interrupts the thread, if it was interrupted meanwhile. */
  @Override
  public void close() {
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
