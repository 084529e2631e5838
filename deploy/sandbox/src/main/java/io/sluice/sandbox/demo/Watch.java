package io.sluice.sandbox.demo;

import io.sluice.sandbox.demo.chaos.Killer;
import io.sluice.sandbox.demo.setup.PassingFailure;
import io.sluice.sandbox.demo.verify.Evidence;
import io.sluice.sandbox.server.process.GuardedProcess;
import java.io.PrintStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;

/**
 * Watches a run and prints its progress once a second, even while servers do not answer. Used by
 * one thread.
 */
final class Watch {

  private static final Duration PRINT_EVERY = Duration.ofSeconds(1);

  /**
   * Longer than every wait between two attempts, so that a slow run is not reported as stuck. The
   * longest is that for reconciliation: until rows are settled, and a minute between two passes.
   */
  private static final Duration STUCK_AFTER = Duration.ofMinutes(3);

  private final Evidence evidence;
  private final SandboxProcesses processes;
  private final PrintStream out;
  private final long start = System.nanoTime();
  private Progress last = new Progress(Map.of(), 0);
  private long lastChange = start;

  Watch(Evidence evidence, SandboxProcesses processes, PrintStream out) {
    this.evidence = evidence;
    this.processes = processes;
    this.out = out;
  }

  /**
   * Returns when all kills are done, the back end has ended and every event is PUBLISHED or FAILED,
   * or when the progress has not changed for three minutes.
   *
   * @throws IllegalStateException if a process failed, or a killed process could not be restarted
   */
  void untilSettled(GuardedProcess trading, Killer killer)
      throws SQLException, InterruptedException {
    do {
      boolean over = !trading.isAlive() && killer.isDone();
      look();
      refuseFailures(killer);
      if (over && last.isSettled()) {
        return;
      }
    } while (since(lastChange).compareTo(STUCK_AFTER) < 0);
    out.println("sandbox: nothing has moved for " + STUCK_AFTER.toSeconds() + " s");
  }

  private void refuseFailures(Killer killer) {
    processes
        .failure()
        .ifPresent(
            failure -> {
              throw new IllegalStateException(failure);
            });
    killer
        .failure()
        .ifPresent(
            failure -> {
              throw new IllegalStateException(failure.getMessage(), failure);
            });
  }

  private void look() throws SQLException, InterruptedException {
    long until = System.nanoTime() + PRINT_EVERY.toNanos();
    while (System.nanoTime() - until < 0) {
      evidence.topics().read();
      if (Thread.interrupted()) {
        throw new InterruptedException("asked to end");
      }
    }
    try {
      note(new Progress(evidence.tables().statuses(), evidence.topics().events()));
    } catch (SQLException e) {
      if (!PassingFailure.causes(e)) {
        throw e;
      }
      out.printf("%5d s  MySQL does not answer%n", since(start).toSeconds());
    }
  }

  private void note(Progress now) {
    if (!now.equals(last)) {
      lastChange = System.nanoTime();
    }
    last = now;
    out.println(now.line(since(start)));
  }

  private static Duration since(long moment) {
    return Duration.ofNanos(System.nanoTime() - moment);
  }
}
