package io.sluice.relay.supervise;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Requests to a supervisor: restart or stop. Thread-safe. */
final class Signals {

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean stop; // guarded by lock
  private boolean restart; // guarded by lock

  void stop() {
    set(true);
  }

  void restart() {
    set(false);
  }

  private void set(boolean isStop) {
    lock.lock();
    try {
      stop |= isStop;
      restart |= !isStop;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isStopping() {
    lock.lock();
    try {
      return stop;
    } finally {
      lock.unlock();
    }
  }

  /** Clears the request to restart. */
  void clearRestart() {
    lock.lock();
    try {
      restart = false;
    } finally {
      lock.unlock();
    }
  }

  /** Waits at most this long for a request; returns whether there is one. */
  boolean await(Duration time) {
    long left = time.toNanos();
    lock.lock();
    try {
      while (!stop && !restart && left > 0) {
        left = changed.awaitNanos(left);
      }
      return stop || restart;
    } catch (InterruptedException e) {
      stop = true;
      Thread.currentThread().interrupt();
      return true;
    } finally {
      lock.unlock();
    }
  }
}
