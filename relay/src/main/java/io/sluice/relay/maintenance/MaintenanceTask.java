package io.sluice.relay.maintenance;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A periodic task of a source that this relay owns. Used by one maintenance thread. */
final class MaintenanceTask {

  private static final Logger LOG = LoggerFactory.getLogger(MaintenanceTask.class);

  private final String name;
  private final Work work;
  private final Runnable atEnd;
  private long dueAt = System.nanoTime();
  private String problem = "";

  /** A bounded amount of work. */
  interface Work {

    /**
     * Does the work.
     *
     * @return delay until the next run
     * @throws SQLException if a statement fails; the work is retried later
     */
    Duration run() throws SQLException;
  }

  /**
   * Creates a task that is due at once.
   *
   * @param name for logs, such as "cleanup"
   */
  MaintenanceTask(String name, Work work) {
    this(name, work, () -> {});
  }

  /**
   * Creates a task that is due at once.
   *
   * @param name for logs, such as "cleanup"
   * @param atEnd releases what the work holds between its runs
   */
  MaintenanceTask(String name, Work work, Runnable atEnd) {
    this.name = name;
    this.work = work;
    this.atEnd = atEnd;
  }

  String name() {
    return name;
  }

  boolean isDue() {
    return System.nanoTime() - dueAt >= 0;
  }

  Duration untilDue() {
    return Duration.ofNanos(Math.max(0, dueAt - System.nanoTime()));
  }

  void run() throws SQLException {
    dueIn(work.run());
  }

  void end() {
    atEnd.run();
  }

  void dueIn(Duration time) {
    dueAt = System.nanoTime() + time.toNanos();
  }

  /**
   * Logs when the task starts to fail, fails for another reason, or works again.
   *
   * @param now the problem; empty if the task works
   */
  void logChange(ShardId shard, String now) {
    if (!now.isEmpty() && !now.equals(problem)) {
      LOG.warn("shard '{}': {} does not work: {}", shard, name, now);
    }
    if (now.isEmpty() && !problem.isEmpty()) {
      LOG.info("shard '{}': {} works again", shard, name);
    }
    problem = now;
  }
}
