package io.sluice.handlers.internal.dispatch;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A pool of threads that end when idle. At most one thread is being woken at a time, and it wakes
 * the next one if there is more to do: so short calls are made by few threads, while blocking calls
 * soon occupy all of them. A pool that wakes a thread for each call spends more time on that than a
 * short handler takes. Thread-safe.
 */
final class CallThreads implements Executor {

  private static final Logger LOG = LoggerFactory.getLogger(CallThreads.class);

  private static final long IDLE_NANOS = TimeUnit.SECONDS.toNanos(30);

  private final int size;
  private final ThreadFactory factory;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition hasTask = lock.newCondition();

  // All guarded by lock.
  private final Deque<Runnable> tasks = new ArrayDeque<>();
  private int threads;
  private int idle;
  private boolean waking;
  private boolean closed;

  CallThreads(int size, ThreadFactory factory) {
    this.size = size;
    this.factory = factory;
  }

  /**
   * Queues a task. The queue needs no limit, because there are never more calls than threads.
   *
   * @throws RejectedExecutionException if the pool is closed
   * @throws Error if it needs a thread, and none can be started
   */
  @Override
  public void execute(Runnable task) {
    lock.lock();
    try {
      if (closed) {
        throw new RejectedExecutionException("the pool is closed");
      }
      add(task);
    } finally {
      lock.unlock();
    }
  }

  private void add(Runnable task) {
    tasks.addLast(task);
    try {
      wakeOne();
    } catch (RuntimeException | Error e) {
      // Another thread, if there is one, runs the task.
      if (threads == 0) {
        tasks.removeLast();
        throw e;
      }
      LOG.warn("no further thread for calls of handlers could be started; the call waits", e);
    }
  }

  private void wakeOne() {
    if (waking || tasks.isEmpty()) {
      return;
    }
    if (idle > 0) {
      waking = true;
      hasTask.signal();
    } else if (threads < size) {
      factory.newThread(this::work).start();
      threads++;
      waking = true;
    }
  }

  private void work() {
    for (Runnable task = first(); task != null; task = next()) {
      run(task);
    }
  }

  /** A thread survives what a task throws, because it may be impossible to start another. */
  private static void run(Runnable task) {
    try {
      task.run();
    } catch (Throwable e) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, e);
    }
  }

  private @Nullable Runnable first() {
    lock.lock();
    try {
      waking = false;
      return take();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Runnable next() {
    lock.lock();
    try {
      return take();
    } finally {
      lock.unlock();
    }
  }

  /** Returns the next task; null if there was none for long or the pool is closed. */
  private @Nullable Runnable take() {
    long left = IDLE_NANOS;
    while (tasks.isEmpty()) {
      if (closed || left <= 0) {
        threads--;
        return null;
      }
      idle++;
      try {
        left = hasTask.awaitNanos(left);
      } catch (InterruptedException e) {
        LOG.trace("interrupted for a call that has ended", e);
      } finally {
        idle--;
        waking = false;
      }
    }
    Runnable task = tasks.removeFirst();
    try {
      wakeOne();
    } catch (RuntimeException | Error e) {
      LOG.warn("no further thread for calls of handlers could be started; other calls wait", e);
    }
    return task;
  }

  /** Lets the threads end after their tasks. */
  void close() {
    lock.lock();
    try {
      closed = true;
      hasTask.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
