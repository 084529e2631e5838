package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs maintenance tasks of a source, one at a time, while this relay owns it. A task that fails is
 * retried later. Failures never interrupt relaying.
 */
public final class MaintenanceThread {

  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceThread.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final ShardSource source;
  private final ShardStatistics statistics;
  private final MaintenanceTimings timings;
  private final List<Scheduled> tasks = new ArrayList<>();
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;

  /**
   * Creates a thread without starting it.
   *
   * @param role last part of the thread's name
   */
  MaintenanceThread(
      ShardSource source,
      String role,
      List<? extends TableTask> tasks,
      ShardStatistics statistics,
      MaintenanceTimings timings) {
    this.source = source;
    this.statistics = statistics;
    this.timings = timings;
    tasks.forEach(task -> this.tasks.add(new Scheduled(task)));
    this.thread = new Thread(this::run, "sluice-" + source.id() + "-" + role);
  }

  public void start() {
    thread.setDaemon(true);
    thread.start();
  }

  private void run() {
    try {
      while (!await(untilNext())) {
        tasks.stream().filter(Scheduled::isDue).forEach(this::runOnce);
      }
    } catch (Throwable e) {
      LOG.error("shard '{}': internal error, a maintenance thread ended", source.id(), e);
    }
  }

  private Duration untilNext() {
    return tasks.stream()
        .map(Scheduled::untilDue)
        .min(Comparator.naturalOrder())
        .orElse(timings.retryAfterRefusal());
  }

  private void runOnce(Scheduled task) {
    if (stopping.getCount() == 0) {
      return;
    }
    try {
      task.dueIn(task.task.runOnce());
      task.logChange("");
    } catch (SQLException e) {
      failed(task, ServerFailures.classify(source, e));
    } catch (RuntimeException e) {
      failed(task, e);
    }
  }

  private void failed(Scheduled task, RuntimeException failure) {
    task.dueIn(
        failure instanceof OperatorNeededException ? timings.retryAfterRefusal() : timings.retry());
    if (stopping.getCount() > 0) {
      statistics.add(Counter.UPKEEP_FAILURES, 1);
      task.logChange(
          failure instanceof RelayException
              ? String.valueOf(failure.getMessage())
              : RootCause.of(failure).toString());
      LOG.debug("shard '{}': {} failed", source.id(), task.task.name(), failure);
    }
  }

  /**
   * Waits for a request to stop.
   *
   * @return whether the thread is to end
   */
  private boolean await(Duration time) {
    try {
      return stopping.await(Math.max(1, time.toMillis()), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      return true; // only close() interrupts
    }
  }

  /**
   * Stops all threads in parallel, and waits some seconds for their end.
   *
   * @return those that have not ended
   */
  public static List<MaintenanceThread> closeAll(List<MaintenanceThread> all) {
    all.forEach(MaintenanceThread::stop);
    long deadline = System.nanoTime() + CLOSE_TIMEOUT.toNanos();
    return all.stream().filter(maintenance -> !maintenance.hasEnded(deadline)).toList();
  }

  private void stop() {
    stopping.countDown();
    thread.interrupt();
  }

  private boolean hasEnded(long deadline) {
    try {
      thread.join(Math.max(1, TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime())));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return !thread.isAlive();
  }

  /** The thread that runs the tasks. */
  public Thread thread() {
    return thread;
  }

  /** A task and its next due time. */
  private final class Scheduled {
    private final TableTask task;
    private long dueAt = System.nanoTime();
    private String problem = "";

    Scheduled(TableTask task) {
      this.task = task;
    }

    boolean isDue() {
      return System.nanoTime() - dueAt >= 0;
    }

    Duration untilDue() {
      return Duration.ofNanos(Math.max(0, dueAt - System.nanoTime()));
    }

    void dueIn(Duration time) {
      dueAt = System.nanoTime() + time.toNanos();
    }

    /** Logs when the task starts to fail, fails for another reason, or works again. */
    void logChange(String now) {
      if (!now.isEmpty() && !now.equals(problem)) {
        LOG.warn("shard '{}': {} does not work: {}", source.id(), task.name(), now);
      }
      if (now.isEmpty() && !problem.isEmpty()) {
        LOG.info("shard '{}': {} works again", source.id(), task.name());
      }
      problem = now;
    }
  }
}
