package io.sluice.sandbox.proxy;

import io.sluice.sandbox.server.api.ProxyException;
import java.time.Duration;
import java.util.concurrent.CancellationException;

/** A thread that ends once its sockets are closed. */
final class ProxyThread {
  private static final Duration BOUND = Duration.ofSeconds(10);

  private final Thread thread;

  ProxyThread(String name, Runnable work) {
    thread = new Thread(work, name);
    thread.setDaemon(true);
  }

  void start() {
    thread.start();
  }

  boolean isAlive() {
    return thread.isAlive();
  }

  /** Waits for the thread to end. Call this after its sockets are closed. */
  void awaitEnd() {
    try {
      thread.join(BOUND.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new CancellationException("interrupted while " + thread.getName() + " ended");
    }
    if (thread.isAlive()) {
      throw new ProxyException(
          "Thread " + thread.getName() + " still runs " + BOUND + " after its sockets were closed");
    }
  }
}
