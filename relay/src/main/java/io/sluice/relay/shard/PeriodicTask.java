package io.sluice.relay.shard;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Repeats a task in a daemon thread from {@link #start} to {@link #close}. The task handles the
 * failures that it expects; any other exception is logged as an internal error and does not end the
 * repetition. Thread-safe.
 */
public final class PeriodicTask implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(PeriodicTask.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration AFTER_ERROR = Duration.ofSeconds(10);

  private final Supplier<Duration> task;
  private final Runnable atEnd;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

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
    this.task = task;
    this.atEnd = atEnd;
    this.thread = new Thread(this::run, name);
  }

  /** Starts the thread, which runs the task at once; further calls do nothing. */
  public void start() {
    if (started.compareAndSet(false, true)) {
      thread.setDaemon(true);
      thread.start();
    }
  }

  private void run() {
    Duration wait = Duration.ZERO;
    while (!await(wait)) {
      wait = runOnce();
    }
    atEnd.run();
  }

  private Duration runOnce() {
    try {
      return task.get();
    } catch (Throwable e) {
      if (!isStopping()) {
        LOG.error(
            "internal error in thread '{}', next try in {}",
            thread.getName(),
            DurationText.of(AFTER_ERROR),
            e);
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

  /** The thread that runs the task. */
  public Thread thread() {
    return thread;
  }

  /** Stops the task and interrupts it, without waiting for its end. */
  public void stop() {
    stopping.countDown();
    thread.interrupt();
  }

  /** Stops and interrupts the task and waits up to five seconds for its end. Idempotent. */
  @Override
  public void close() {
    stop();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
