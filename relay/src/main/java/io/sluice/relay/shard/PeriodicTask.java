package io.sluice.relay.shard;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a task in a daemon thread from {@link #start} to {@link #close}. A task that waits for
 * long has no thread meanwhile, because a relay of many shards has hundreds of such tasks. The task
 * handles the failures that it expects; any other exception is logged as an internal error and does
 * not end the repetition. Thread-safe.
 */
public final class PeriodicTask implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

  /** For a wait up to this, the thread is kept. */
  private static final Duration SHORT_WAIT = Duration.ofSeconds(1);

  private static final ScheduledExecutorService TIMER = timer();

  private final String name;
  private final Supplier<Duration> task;
  private final Runnable atEnd;
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);

  // One of them is there between start and end. Both guarded by this.
  private @Nullable Thread thread;
  private @Nullable Future<?> timer;

  /**
   * Creates a task without starting it.
   *
   * @param name name of the thread
   * @param task does a bounded piece of work and returns how long to wait before the next
   */
  public PeriodicTask(String name, Supplier<Duration> task) {
    this(name, task, () -> {});
  }

  /**
   * Creates a task without starting it.
   *
   * @param name name of the thread
   * @param task does a bounded piece of work and returns how long to wait before the next
   * @param atEnd runs in the thread before it ends
   */
  public PeriodicTask(String name, Supplier<Duration> task, Runnable atEnd) {
    this.name = name;
    this.task = task;
    this.atEnd = atEnd;
  }

  private static ScheduledExecutorService timer() {
    ScheduledThreadPoolExecutor timer =
        new ScheduledThreadPoolExecutor(
            1,
            task -> {
              Thread thread = new Thread(task, "sluice-timer");
              thread.setDaemon(true);
              return thread;
            });
    timer.setRemoveOnCancelPolicy(true);
    // A process without tasks has no timer.
    timer.setKeepAliveTime(1, TimeUnit.SECONDS);
    timer.allowCoreThreadTimeOut(true);
    return timer;
  }

  /** Runs the task at once and from then on; further calls do nothing. */
  public synchronized void start() {
    if (thread == null && timer == null && !isStopping()) {
      startThread();
    }
  }

  private synchronized void startThread() {
    Thread next = new Thread(this::run, name);
    next.setDaemon(true);
    next.start();
    thread = next;
    timer = null;
  }

  private void run() {
    Duration wait = Duration.ZERO;
    while (!await(wait)) {
      wait = runOnce();
      if (wait.compareTo(SHORT_WAIT) > 0 && leaves(wait)) {
        return;
      }
    }
    end();
  }

  private void end() {
    try {
      atEnd.run();
    } finally {
      ended.countDown();
    }
  }

  /** Leaves it to a timer to start the next thread; false if this thread has to go on. */
  private synchronized boolean leaves(Duration wait) {
    if (isStopping()) {
      return false;
    }
    try {
      timer = TIMER.schedule(this::continues, wait.toNanos(), TimeUnit.NANOSECONDS);
    } catch (Throwable e) {
      LOG.warn("thread '{}' is kept, because the timer cannot be started", name, e);
      return false;
    }
    thread = null;
    return true;
  }

  private synchronized void continues() {
    if (isStopping() || thread != null) {
      return; // another thread runs the task or its end
    }
    try {
      startThread();
    } catch (Throwable e) {
      LOG.error("thread '{}' cannot be started, next try in {}", name, text(AFTER_ERROR), e);
      timer = TIMER.schedule(this::continues, AFTER_ERROR.toNanos(), TimeUnit.NANOSECONDS);
    }
  }

  private static String text(Duration duration) {
    return DurationText.of(duration);
  }

  private Duration runOnce() {
    try {
      return task.get();
    } catch (Throwable e) {
      if (!isStopping()) {
        LOG.error("internal error in thread '{}', next try in {}", name, text(AFTER_ERROR), e);
      }
      return AFTER_ERROR;
    }
  }

  /**
   * Waits for the given time.
   *
   * @return whether the task was stopped meanwhile
   */
  private boolean await(Duration time) {
    try {
      return stopping.await(time.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      return true; // only stop() interrupts
    }
  }

  /** Whether the task was stopped. Failures after that need no log line. */
  public boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Stops the task and interrupts it, without waiting for its end. */
  public synchronized void stop() {
    if (isStopping()) {
      interrupt();
      return;
    }
    stopping.countDown();
    if (timer != null) {
      timer.cancel(false);
      startEnd();
    } else if (thread == null) {
      ended.countDown(); // never started
    }
    interrupt();
  }

  private void startEnd() {
    try {
      startThread();
    } catch (Throwable e) {
      LOG.warn("thread '{}' cannot be started for its end", name, e);
      end();
    }
  }

  private void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
  }

  /**
   * Waits for the end of a task that was stopped.
   *
   * @return whether it has ended
   */
  public boolean awaitEnd(Duration timeout) {
    try {
      return ended.await(timeout.toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return ended.getCount() == 0;
    }
  }

  /** Stops and interrupts the task and waits up to five seconds for its end. Idempotent. */
  @Override
  public void close() {
    stop();
    awaitEnd(CLOSE_TIMEOUT);
  }
}
