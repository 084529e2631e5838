package io.sluice.sandbox.demo;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Closes the resources of a run in reverse order, at its end and on Ctrl-C. Used by one thread. */
final class Cleanup implements AutoCloseable {

  private static final long TIMEOUT_SECONDS = 90;

  private final Deque<AutoCloseable> opened = new ArrayDeque<>();
  private final CountDownLatch done = new CountDownLatch(1);
  private final Thread runner = Thread.currentThread();

  /** Installs a shutdown hook that interrupts the run and waits until it has cleaned up. */
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
   * Closes every resource, even if closing another one fails.
   *
   * @throws IllegalStateException if a resource could not be closed; contains all failures
   */
  @Override
  public void close() {
    // Ctrl-C interrupts the run. The interrupt must not cut the waits below short.
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
      "InterruptedExceptionSwallowed") // reported; the other resources must still be closed
  private void closeNext(List<Exception> failures) {
    try {
      opened.pop().close();
    } catch (Exception e) {
      failures.add(e);
    }
  }
}
