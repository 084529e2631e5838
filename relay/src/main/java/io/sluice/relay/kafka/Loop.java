package io.sluice.relay.kafka;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does a task again and again in a daemon thread of its own, from {@link #start} to {@link #close}.
 * The task deals with what it can foresee; anything it throws is logged as the fault of the relay
 * that it is, and does not end the loop. Thread-safe.
 */
public final class Loop implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Loop.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration AFTER_FAULT = Duration.ofSeconds(10);

  private final Supplier<Duration> task;
  private final AtomicBoolean started = new AtomicBoolean();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /**
   * A loop that is not started yet.
   *
   * @param name of its thread
   * @param task does a bounded piece of work, and tells how long to wait before the next
   */
  public Loop(String name, Supplier<Duration> task) {
    this.task = task;
    this.thread = new Thread(this::run, name);
  }

  /** Begins, with the first piece of work at once; does nothing the second time. */
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
  }

  private Duration runOnce() {
    try {
      return task.get();
    } catch (Throwable e) {
      if (!isStopping()) {
        LOG.error(
            "'{}' failed by a fault of the relay itself, next try in {}",
            thread.getName(),
            AFTER_FAULT,
            e);
      }
      return AFTER_FAULT;
    }
  }

  /** Whether it is to end; waits that long for it. */
  private boolean await(Duration time) {
    try {
      return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true; // only close() interrupts
    }
  }

  /** Whether it was told to end; what fails after that is nobody's concern. */
  public boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** That which does the task. */
  public Thread thread() {
    return thread;
  }

  /** Asks the loop to end and interrupts its task, without waiting for it. */
  public void stop() {
    stopping.countDown();
    thread.interrupt();
  }

  /** Ends the loop, interrupts its task, and waits for that within five seconds. Idempotent. */
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
