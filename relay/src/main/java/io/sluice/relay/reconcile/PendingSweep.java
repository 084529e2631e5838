package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableSession;
import io.sluice.relay.mysql.TableTask;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.reconcile.SweepPage.Candidate;
import io.sluice.relay.reconcile.SweepPage.Range;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.WorkItem.SweepGap;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares the unfinished rows of a table with their topics, and publishes those that are missing.
 * Gaps in the reading of the binlog come first. When no gap is due, all settled rows are compared,
 * slowly and repeatedly.
 *
 * <p>The age of a row is no evidence that it was missed, because its handler may be slow. A row is
 * published only if it is not on its topic although the binlog has been read past the time at which
 * the row was seen in the table.
 */
public final class PendingSweep implements TableTask {

  private static final Logger LOG = LoggerFactory.getLogger(PendingSweep.class);
  private static final Duration CATCH_UP = Duration.ofSeconds(20);
  private static final long CATCH_UP_POLL_MILLIS = 100;

  private final ShardServer server;
  private final ShardTable table;
  private final SweepSettings settings;
  private final WorkItemStore store;
  private final Reconciler reconciler;
  private final Progress progress;
  private final SweepPage pages;
  private final ReconcileTimings timings;

  // State of the maintenance thread.
  private final Map<SweepGap, SweepPass> gaps = new HashMap<>();
  private SweepPass everything;

  /** The collaborators of a sweep. */
  public record Means(WorkItemStore store, Reconciler reconciler, Progress progress) {}

  public PendingSweep(
      ShardServer server,
      ShardTable table,
      SweepSettings settings,
      Means means,
      ReconcileTimings timings) {
    this.server = server;
    this.table = table;
    this.settings = settings;
    this.store = means.store();
    this.reconciler = means.reconciler();
    this.progress = means.progress();
    this.pages = new SweepPage(table);
    this.timings = timings;
    this.everything = SweepPass.ofAllSettled(timings);
  }

  @Override
  public String name() {
    return "reconciliation of " + table.name();
  }

  @Override
  public Duration runOnce() throws SQLException {
    Optional<SweepPass> due = choose();
    if (due.isEmpty()) {
      return timings.interval();
    }
    SweepPass pass = due.get();
    Optional<Integer> checked = advance(pass);
    if (checked.isEmpty()) {
      return timings.unreadRetry();
    }
    if (checked.get() > 0) {
      return Duration.ofMillis(1_000L * checked.get() / settings.rowsPerSecond());
    }
    if (pass.gap().isPresent() && pass.isAllDecided()) {
      finish(pass, pass.gap().get());
    } else {
      pass.rest();
    }
    return timings.interval();
  }

  /** A resting pass, whose rows are locked by other transactions, does not delay the others. */
  private Optional<SweepPass> choose() {
    List<SweepGap> open =
        store.open(SweepGap.class, Integer.MAX_VALUE).stream()
            .filter(gap -> gap.shard().equals(table.shard()))
            .toList();
    gaps.keySet().retainAll(open);
    for (SweepGap gap : open) {
      SweepPass pass = gaps.computeIfAbsent(gap, fresh -> SweepPass.of(fresh, timings));
      if (pass.isDue()) {
        return Optional.of(pass);
      }
    }
    if (everything.isOver(settings.everything())) {
      everything = SweepPass.ofAllSettled(timings);
    }
    return Optional.of(everything).filter(pass -> settings.isEnabled() && pass.isDue());
  }

  private void finish(SweepPass pass, SweepGap gap) {
    store.done(List.of(gap));
    gaps.remove(gap);
    report(gap, pass.total());
  }

  private void report(SweepGap gap, SweepResult result) {
    if (result.undecided() == 0) {
      LOG.info("shard '{}': gap ({}) is reconciled: {}", table.shard(), gap.cause(), result);
      return;
    }
    LOG.warn(
        "shard '{}': gap ({}) is reconciled: {}. The topics may have deleted the records of"
            + " undecided rows. Redrive those that were not handled: rows of {} that are PENDING or"
            + " RETRY, created before {}",
        table.shard(),
        gap.cause(),
        result,
        table.name(),
        gap.until());
  }

  /**
   * Checks the next page of rows.
   *
   * @return the number of rows checked, 0 if there are no more; empty if the binlog has not been
   *     read far enough to decide
   */
  private Optional<Integer> advance(SweepPass pass) throws SQLException {
    Optional<Step> next = next(pass);
    if (next.isEmpty()) {
      return Optional.of(0);
    }
    Step step = next.get();
    if (!step.candidates().isEmpty()) {
      if (!isReadBeyond(step.end())) {
        return Optional.empty();
      }
      pass.decided(step.candidates(), reconciler.reconcile(step.candidates(), pass.gap()));
    }
    step.onDecided().run();
    return Optional.of(step.rows());
  }

  /**
   * A page of rows to decide about.
   *
   * @param candidates the rows
   * @param rows the number of rows that were read to find them
   * @param end the end of the binlog after they were read
   * @param onDecided records that they were decided
   */
  private record Step(List<Candidate> candidates, int rows, BinlogEnd end, Runnable onDecided) {}

  /** Closes its connection, so that none is idle while topics are read. */
  private Optional<Step> next(SweepPass pass) throws SQLException {
    try (Connection connection = TableSession.open(server, table)) {
      pass.resume(status -> pages.last(connection, status));
      List<Candidate> retries = pass.retries(settings.pageRows());
      if (!retries.isEmpty()) {
        return Optional.of(new Step(retries, retries.size(), BinlogEnd.of(connection), () -> {}));
      }
      for (String status : SweepPass.STATUSES) {
        Optional<Range> unread = pass.unread(status);
        if (unread.isPresent()) {
          SweepPage.Read page =
              pages.read(connection, status, window(pass), unread.get(), settings.pageRows());
          if (page.last().isPresent()) {
            String last = page.last().get();
            return Optional.of(
                new Step(
                    page.candidates(),
                    page.rows(),
                    BinlogEnd.of(connection),
                    () -> pass.read(status, last)));
          }
          // The remaining rows, if any, are too young.
          pass.readAll(status);
        }
      }
      return Optional.empty();
    }
  }

  private SweepWindow window(SweepPass pass) {
    return pass.gap().map(SweepWindow::of).orElseGet(() -> SweepWindow.settled(settings.settled()));
  }

  /**
   * Waits until everything before this end is in Kafka. The ends are compared by file offset,
   * because a row is in the binlog before it is visible, but in the executed GTID set only after
   * that.
   */
  private boolean isReadBeyond(BinlogEnd end) {
    progress.see(end);
    long deadline = System.nanoTime() + CATCH_UP.toNanos();
    while (!progress.isBeyond(end)) {
      if (System.nanoTime() - deadline > 0 || Thread.currentThread().isInterrupted()) {
        return false;
      }
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(CATCH_UP_POLL_MILLIS));
    }
    return true;
  }
}
