package io.sluice.relay.maintenance;

import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.ServerFailures;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.PeriodicTask;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs maintenance tasks of a source, one at a time, while this relay owns it. A task that fails is
 * retried later. Failures never interrupt relaying.
 */
public final class MaintenanceThread {

  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceThread.class);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  /** An idle connection is kept for so long. */
  private static final Duration KEPT = Duration.ofSeconds(2);

  private final ShardSource source;
  private final List<MaintenanceTask> tasks;
  private final KeptConnection kept;
  private final ShardStatistics statistics;
  private final MaintenanceTimings timings;
  private final PeriodicTask loop;

  // More than five parameters: what the tasks are about, how they share a connection, and when they
  // run.
  /**
   * Creates a thread without starting it.
   *
   * @param role last part of the thread's name
   * @param kept the connection of the tasks
   */
  MaintenanceThread(
      ShardSource source,
      String role,
      List<MaintenanceTask> tasks,
      KeptConnection kept,
      ShardStatistics statistics,
      MaintenanceTimings timings) {
    this.source = source;
    this.tasks = List.copyOf(tasks);
    this.kept = kept;
    this.statistics = statistics;
    this.timings = timings;
    this.loop = new PeriodicTask("sluice-" + source.id() + "-" + role, this::runDue, this::end);
  }

  public void start() {
    loop.start();
  }

  private Duration runDue() {
    tasks.stream().filter(MaintenanceTask::isDue).forEach(this::run);
    Duration wait =
        tasks.stream()
            .map(MaintenanceTask::untilDue)
            .min(Comparator.naturalOrder())
            .orElse(timings.retryAfterRefusal());
    if (wait.compareTo(KEPT) > 0) {
      kept.close();
    } else {
      kept.closeIfIdleFor(KEPT);
    }
    return wait;
  }

  private void end() {
    tasks.forEach(MaintenanceTask::end);
    kept.close();
  }

  private void run(MaintenanceTask task) {
    if (loop.isStopping()) {
      return;
    }
    try {
      task.run();
      task.logChange(source.id(), "");
      statistics.works(task.name());
    } catch (SQLException e) {
      failed(task, ServerFailures.classify(source, e));
    } catch (RuntimeException | Error e) {
      // Also an Error: the other tasks of the thread must run.
      failed(task, e);
    }
  }

  private void failed(MaintenanceTask task, Throwable failure) {
    kept.close();
    task.dueIn(
        failure instanceof OperatorNeededException ? timings.retryAfterRefusal() : timings.retry());
    if (!loop.isStopping()) {
      statistics.add(Counter.UPKEEP_FAILURES, 1);
      String problem =
          failure instanceof RelayException
              ? String.valueOf(failure.getMessage())
              : RootCause.of(failure).toString();
      statistics.fails(task.name(), problem);
      task.logChange(source.id(), problem);
      LOG.debug("shard '{}': {} failed", source.id(), task.name(), failure);
    }
  }

  /**
   * Stops all threads in parallel.
   *
   * @return how long to wait for their end, in {@link System#nanoTime}
   */
  public static long stopAll(List<MaintenanceThread> all) {
    all.forEach(maintenance -> maintenance.loop.stop());
    return System.nanoTime() + CLOSE_TIMEOUT.toNanos();
  }

  /**
   * Waits for the end of threads that were stopped. A thread that has not ended by the deadline is
   * left, as {@link #hasEnded} shows.
   */
  public static void awaitEnd(List<MaintenanceThread> all, long deadline) {
    for (MaintenanceThread maintenance : all) {
      maintenance.loop.awaitEnd(Duration.ofNanos(deadline - System.nanoTime()));
    }
  }

  /** Whether a stopped thread has ended. */
  public boolean hasEnded() {
    return loop.awaitEnd(Duration.ZERO);
  }
}
