package io.sluice.relay.supervise;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Requests to a supervisor: restart or stop. Thread-safe. */
final class Signals {

  private boolean stop; // guarded by this
  private boolean restart; // guarded by this

  synchronized void stop() {
    stop = true;
    notifyAll();
  }

  synchronized void restart() {
    restart = true;
    notifyAll();
  }

  synchronized boolean isStopping() {
    return stop;
  }

  /** Clears the request to restart. */
  synchronized void clearRestart() {
    restart = false;
  }

  /** Waits at most this long for a request; returns whether there is one. */
  synchronized boolean await(Duration time) {
    long deadline = System.nanoTime() + time.toNanos();
    try {
      for (long left = time.toNanos();
          !stop && !restart && left > 0;
          left = deadline - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      stop = true;
      Thread.currentThread().interrupt();
    }
    return stop || restart;
  }
}
