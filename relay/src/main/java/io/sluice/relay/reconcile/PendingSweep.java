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
 * Compares rows that nobody has dealt with to their topics, and publishes those that are not there.
 * Gaps in what was read of the binary log come first, those that can be swept at present; after
 * that everything, slowly and for ever.
 *
 * <p>A row's age proves nothing, for its handler may be slow. It is published only if the binlog
 * has been read beyond the moment it was seen in its table, and it is still not on its topic.
 */
public final class PendingSweep implements TableTask {

  private static final Logger LOG = LoggerFactory.getLogger(PendingSweep.class);
  private static final Duration CATCH_UP = Duration.ofSeconds(20);
  private static final long CATCH_UP_POLL_MILLIS = 100;

  private final ShardServer server;
  private final ShardTable table;
  private final SweepSettings settings;
  private final WorkItemStore desk;
  private final Reconciler judge;
  private final Progress progress;
  private final SweepPage pages;
  private final ReconcileTimings timings;

  // Where it stands, of this upkeep's thread alone.
  private final Map<SweepGap, SweepPass> gaps = new HashMap<>();
  private SweepPass everything;

  /** What a sweep works with beside its table. */
  public record Means(WorkItemStore desk, Reconciler judge, Progress progress) {}

  public PendingSweep(
      ShardServer server,
      ShardTable table,
      SweepSettings settings,
      Means means,
      ReconcileTimings timings) {
    this.server = server;
    this.table = table;
    this.settings = settings;
    this.desk = means.desk();
    this.judge = means.judge();
    this.progress = means.progress();
    this.pages = new SweepPage(table);
    this.timings = timings;
    this.everything = SweepPass.ofAllSettled(timings);
  }

  @Override
  public String name() {
    return "sweep of " + table.name();
  }

  @Override
  public Duration runOnce() throws SQLException {
    Optional<SweepPass> due = choose();
    if (due.isEmpty()) {
      return timings.interval();
    }
    SweepPass pass = due.get();
    Optional<Integer> looked = goOn(pass);
    if (looked.isEmpty()) {
      return timings.unreadRetry();
    }
    if (looked.get() > 0) {
      return Duration.ofMillis(1_000L * looked.get() / settings.rowsPerSecond());
    }
    if (pass.gap().isPresent() && pass.isAllJudged()) {
      finish(pass, pass.gap().get());
    } else {
      pass.rest();
    }
    return timings.interval();
  }

  /** One that rests, for somebody holds rows of it, must not hold up the others. */
  private Optional<SweepPass> choose() {
    List<SweepGap> open =
        desk.open(SweepGap.class, Integer.MAX_VALUE).stream()
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
    desk.done(List.of(gap));
    gaps.remove(gap);
    report(gap, pass.total());
  }

  private void report(SweepGap gap, SweepResult result) {
    if (result.undecided() == 0) {
      LOG.info("shard '{}': gap ({}) is swept: {}", table.shard(), gap.cause(), result);
      return;
    }
    LOG.warn(
        "shard '{}': gap ({}) is swept: {}. Their topics may have deleted these; those that nobody"
            + " has had are to be redriven: rows of {} that are PENDING or RETRY, created before {}",
        table.shard(),
        gap.cause(),
        result,
        table.name(),
        gap.until());
  }

  /**
   * How many rows were looked at, none if there are no more; empty if the binary log has not been
   * read far enough to judge.
   */
  private Optional<Integer> goOn(SweepPass pass) throws SQLException {
    Optional<Step> next = next(pass);
    if (next.isEmpty()) {
      return Optional.of(0);
    }
    Step step = next.get();
    if (!step.candidates().isEmpty()) {
      if (!isReadBeyond(step.end())) {
        return Optional.empty();
      }
      pass.judged(step.candidates(), judge.judge(step.candidates(), pass.gap()));
    }
    step.note().run();
    return Optional.of(step.rows());
  }

  /**
   * Rows to be judged.
   *
   * @param candidates which
   * @param rows that were read to find them
   * @param end of the binary log after they were seen
   * @param note that they were judged
   */
  private record Step(List<Candidate> candidates, int rows, BinlogEnd end, Runnable note) {}

  /** Not on a connection that would wait, idle, while topics are looked through. */
  private Optional<Step> next(SweepPass pass) throws SQLException {
    try (Connection connection = TableSession.open(server, table)) {
      pass.goOn(status -> pages.last(connection, status));
      List<Candidate> again = pass.again(settings.pageRows());
      if (!again.isEmpty()) {
        return Optional.of(new Step(again, again.size(), BinlogEnd.of(connection), () -> {}));
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
          // Where all that is left is too young, this is the end for now.
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
   * Waits until all before this end is in Kafka. Compared by place in the file: a row is in the
   * binary log before it can be seen, but among the executed transactions only after.
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
