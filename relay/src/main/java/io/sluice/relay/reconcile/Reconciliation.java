package io.sluice.relay.reconcile;

import static java.util.Comparator.naturalOrder;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.reconcile.UnfinishedRows.Page;
import io.sluice.relay.reconcile.UnfinishedRows.Range;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
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
 * slowly and repeatedly. Used by one thread.
 *
 * <p>The age of a row is no evidence that it was missed, because its handler may be slow. A row is
 * published only if it is not on its topic although the binlog has been read past the time at which
 * the row was seen in the table.
 */
public final class Reconciliation {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciliation.class);
  private static final Duration CATCH_UP = Duration.ofSeconds(20);
  private static final long CATCH_UP_POLL_MILLIS = 100;

  /** More gaps of statements that cannot be completed are joined. */
  private static final int MAX_RESTING = 20;

  private final TableAccess table;
  private final ReconcileSettings settings;
  private final Reconciler reconciler;
  private final Destination destination;
  private final Progress progress;
  private final ReconcileTimings timings;
  private final UnfinishedRows rows;
  private final Map<ReconcileGap, ReconcilePass> gaps = new HashMap<>();
  private ReconcilePass everything;

  // More than five parameters: the settings of operators, the periods that tests shorten, and the
  // run's input and output.
  public Reconciliation(
      TableAccess table,
      ReconcileSettings settings,
      Reconciler reconciler,
      Destination destination,
      Progress progress,
      ReconcileTimings timings) {
    this.table = table;
    this.settings = settings;
    this.reconciler = reconciler;
    this.destination = destination;
    this.progress = progress;
    this.timings = timings;
    this.rows = new UnfinishedRows(table);
    this.everything = ReconcilePass.ofAllSettled(timings);
  }

  /**
   * Checks one page of rows.
   *
   * @return delay until the next page
   */
  public Duration runOnce() throws SQLException {
    Optional<ReconcilePass> due = choose();
    if (due.isEmpty()) {
      return timings.interval();
    }
    ReconcilePass pass = due.get();
    ReconcileWindow window =
        pass.gap()
            .map(ReconcileWindow::of)
            .orElseGet(() -> ReconcileWindow.settled(settings.settled()));
    Page page;
    BinlogEnd end;
    // Closed before topics are read, so that it is not idle meanwhile.
    try (Connection connection = table.connect()) {
      page = next(connection, pass, window);
      end = BinlogEnd.of(connection);
    }
    if (page.rows() == 0) {
      finish(pass);
      return timings.interval();
    }
    if (page.candidates().isEmpty()) {
      pass.decided(page, ReconcileResult.NONE);
    } else if (isReadBeyond(end)) {
      pass.decided(page, reconciler.reconcile(page.candidates(), window));
    } else {
      return timings.unreadRetry();
    }
    return Duration.ofMillis(1_000L * page.rows() / settings.rowsPerSecond());
  }

  /** A resting pass, whose rows are locked by other transactions, does not delay the others. */
  private Optional<ReconcilePass> choose() {
    joinStatements();
    List<ReconcileGap> due = due();
    gaps.keySet().retainAll(due);
    for (ReconcileGap gap : due) {
      ReconcilePass pass = gaps.computeIfAbsent(gap, fresh -> ReconcilePass.of(fresh, timings));
      if (pass.isDue()) {
        return Optional.of(pass);
      }
    }
    if (everything.isOver(settings.everything())) {
      everything = ReconcilePass.ofAllSettled(timings);
    }
    return Optional.of(everything).filter(pass -> settings.isEnabled() && pass.isDue());
  }

  /** The gaps of the table that have ended. A gap may still be open when it is stored. */
  private List<ReconcileGap> due() {
    Instant now = Instant.now();
    return destination.pendingWork().of(ReconcileGap.class).stream()
        .filter(gap -> gap.shard().equals(table.shard()))
        .filter(gap -> !gap.until().isAfter(now))
        .toList();
  }

  /**
   * Replaces gaps of statements by one. A session may cause more of them than there would be time
   * for a pass for each. A pass that has begun keeps its gap, because its rows would be compared
   * again; unless many rest, because a row in each of them is locked or refused.
   */
  private void joinStatements() {
    List<ReconcileGap> due = due().stream().filter(ReconcileGap::isOfStatements).toList();
    join(due.stream().filter(gap -> !gaps.containsKey(gap)).toList(), 1);
    join(
        due.stream().filter(gap -> gaps.containsKey(gap) && gaps.get(gap).isResting()).toList(),
        MAX_RESTING);
  }

  private void join(List<ReconcileGap> some, int most) {
    if (some.size() > most) {
      Optional<Instant> from =
          some.stream().flatMap(gap -> gap.from().stream()).min(naturalOrder());
      destination.publish(
          List.of(new ReconcileGap(table.shard(), from, Instant.now(), ReconcileGap.OF_STATEMENTS)),
          some);
    }
  }

  private Page next(Connection connection, ReconcilePass pass, ReconcileWindow window)
      throws SQLException {
    if (pass.isResting()) {
      pass.resume(rows.end(connection));
    }
    List<Candidate> retries = pass.retries(settings.pageRows());
    if (!retries.isEmpty()) {
      return new Page(retries.size(), retries, Optional.empty(), Optional.empty());
    }
    Optional<Range> unread = pass.unread();
    while (unread.isPresent()) {
      Page page = rows.read(connection, unread.get(), window, settings.pageRows());
      if (page.read().isPresent()) {
        return page;
      }
      // The remaining rows, if any, are too young.
      pass.skip(page);
      unread = pass.unread();
    }
    return Page.EMPTY;
  }

  /** Completes a gap if all its rows are decided. Every other pass rests. */
  private void finish(ReconcilePass pass) {
    if (pass.gap().isEmpty() || !pass.isAllDecided()) {
      pass.rest();
      return;
    }
    ReconcileGap gap = pass.gap().get();
    destination.publish(List.of(), List.of(gap));
    gaps.remove(gap);
    report(gap, pass.total());
  }

  private void report(ReconcileGap gap, ReconcileResult result) {
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
