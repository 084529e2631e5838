package io.sluice.sandbox.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Closes what a run has opened, in reverse order, at its end and on Ctrl-C. Used by the thread that
 * runs it.
 */
final class Cleanup implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 90;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread runner = Thread.currentThread();

  /** Begins to watch for Ctrl-C, which interrupts the run and waits for it to clean up. */
  void watchForInterrupt() {
    Runtime.getRuntime().addShutdownHook(new Thread(this::interruptRun, "sandbox-shutdown"));
  }

  private void interruptRun() {
    runner.interrupt();
    try {
      boolean runWasOver = done.getCount() == 0;
      boolean cleaned = done.await(TIMEOUT_SECONDS, TimeUnit.SECONDS);
      if (!runWasOver) {
        System.err.println(
            cleaned
                ? "sandbox: interrupted, everything is cleaned up"
                : "sandbox: cleaning up takes too long, the rest is killed");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  <T extends AutoCloseable> T add(T resource) {
    opened.push(resource);
    return resource;
  }

  /**
   * Closes everything, whatever fails.
   *
   * @throws IllegalStateException with all that failed
   */
  @Override
  public void close() {
    // Ctrl-C has interrupted the run; the waits below are to be waited out all the same.
    Thread.interrupted();
    List<Exception> failures = new ArrayList<>();
    while (!opened.isEmpty()) {
      closeNext(failures);
    }
    done.countDown();
    if (!failures.isEmpty()) {
      IllegalStateException failure = new IllegalStateException("cleaning up failed: " + failures);
      failures.forEach(failure::addSuppressed);
      throw failure;
    }
  }

  @SuppressWarnings(
      "InterruptedExceptionSwallowed") // reported; the rest must be closed all the same
  private void closeNext(List<Exception> failures) {
    try {
      opened.pop().close();
    } catch (Exception e) {
      failures.add(e);
    }
  }
}
