package io.sluice.handlers.internal.work;

import io.sluice.handlers.api.HandledEvent;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/**
 * The threads that one domain's handlers run on; they end when idle. Its queue needs no bound of
 * its own: there is never more than one task for a partition. Thread-safe.
 */
public final class WorkerPool {

  private static final long IDLE_SECONDS = 30;
  private static final Duration AFTER_FAULT = Duration.ofSeconds(1);

  private final EventWork work;
  private final ThreadPoolExecutor threads;
  private volatile boolean abandoned;

  private WorkerPool(EventWork work, ThreadPoolExecutor threads) {
    this.work = work;
    this.threads = threads;
  }

  /** A pool of at most so many threads, called {@code <name>-<number>}; starts none yet. */
  public static WorkerPool of(EventWork work, String name, int size) {
    ThreadPoolExecutor threads =
        new ThreadPoolExecutor(
            size,
            size,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            daemonsNamed(name));
    threads.allowCoreThreadTimeOut(true);
    return new WorkerPool(work, threads);
  }

  // Daemons: a handler that never returns must not keep the process from ending.
  private static ThreadFactory daemonsNamed(String name) {
    AtomicInteger number = new AtomicInteger();
    return task -> {
      Thread thread = new Thread(task, name + "-" + number.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  /**
   * Has an event worked on, at once where a thread is free.
   *
   * @param whenDone called with the result, on the worker's thread
   */
  public void work(HandledEvent event, Progress progress, Consumer<StepResult> whenDone) {
    StepResult again = new StepResult.Later(progress, AFTER_FAULT);
    threads.execute(() -> whenDone.accept(runOr(again, event, progress)));
  }

  /** Whatever comes out, even of the reporting of an error, the partition must be given back. */
  private StepResult runOr(StepResult again, HandledEvent event, Progress progress) {
    try {
      return work.run(event, progress, () -> abandoned);
    } catch (Throwable e) {
      Thread current = Thread.currentThread();
      current.getUncaughtExceptionHandler().uncaughtException(current, e);
      return again;
    }
  }

  /** Interrupts what still runs; failures from now on are no longer the events' own. */
  public void abandon() {
    abandoned = true;
    threads.shutdownNow();
  }

  /** Waits until all threads have ended after {@link #abandon}; whether they did in time. */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    return threads.awaitTermination(timeout.toMillis(), TimeUnit.MILLISECONDS);
  }
}
