package io.sluice.relay.reconcile;

import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.StepPace;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.reconcile.UnfinishedRows.Page;
import io.sluice.relay.reconcile.UnfinishedRows.Range;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
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

  private final TableAccess table;
  private final KeptConnection kept;
  private final Reconciler reconciler;
  private final Progress progress;
  private final ReconcileTimings timings;
  private final UnfinishedRows rows;
  private final ReconcilePasses passes;
  private final StepPace pace = new StepPace();
  private Optional<RowLookup> lookup = Optional.empty();

  // More than five parameters: the settings of operators, the periods that tests shorten, and the
  // run's input and output.
  public Reconciliation(
      TableAccess table,
      KeptConnection kept,
      ReconcileSettings settings,
      Reconciler reconciler,
      Destination destination,
      Progress progress,
      ReconcileTimings timings) {
    this.table = table;
    this.kept = kept;
    this.reconciler = reconciler;
    this.progress = progress;
    this.timings = timings;
    this.rows = new UnfinishedRows(table, kept);
    this.passes = new ReconcilePasses(table.shard(), settings, reconciler, destination, timings);
  }

  /**
   * Looks up many rows on their topics, or decides a page of those that were looked up.
   *
   * @return delay until the next step
   */
  public Duration runOnce() throws SQLException {
    // Once begun, a lookup is used up: another pass could publish the same rows.
    Optional<ReconcilePass> due = lookup.map(RowLookup::pass).or(passes::due);
    if (due.isEmpty()) {
      return timings.interval();
    }
    try {
      return advance(due.get());
    } catch (SQLException | RuntimeException e) {
      close();
      due.get().lookUpAgain();
      throw e;
    }
  }

  private Duration advance(ReconcilePass pass) throws SQLException {
    if (lookup.isEmpty() && !collect(pass)) {
      close();
      if (passes.complete(pass)) {
        report(pass.gap().orElseThrow(), pass.total());
      }
      return timings.interval();
    }
    RowLookup present = lookup.orElseThrow();
    if (!present.isDone()) {
      if (!present.isEmpty() && !isReadBeyond(present.end())) {
        return timings.unreadRetry();
      }
      // Taken when the engine has read the rows, and before their topics are read: a row whose work
      // is done meanwhile must not count as missing.
      present.run(reconciler.rowsWithWorkItem());
    }
    return decide(pass, present);
  }

  private Duration decide(ReconcilePass pass, RowLookup present) throws SQLException {
    long begin = System.nanoTime();
    Page page = next(pass, present.window());
    Duration rest = pace.rest(Duration.ofNanos(System.nanoTime() - begin));
    pass.decided(page.candidates(), reconciler.reconcile(page.candidates(), present));
    page.read().ifPresent(pass::decided);
    if (page.rows() == 0 && pass.undecided().isEmpty()) {
      close();
      pass.lookUpAgain();
    }
    return rest;
  }

  /** Ends the lookup. */
  public void close() {
    lookup.ifPresent(RowLookup::close);
    lookup = Optional.empty();
  }

  /**
   * Reads the next rows of a pass, as many as can be looked up together.
   *
   * @return false if there are none
   */
  private boolean collect(ReconcilePass pass) throws SQLException {
    RowLookup fresh = reconciler.lookUp(pass, passes.window(pass));
    lookup = Optional.of(fresh);
    if (pass.isResting()) {
      pass.resume(rows.end());
    }
    List<Candidate> retries = pass.retries(Integer.MAX_VALUE);
    boolean isAny = !retries.isEmpty();
    fresh.add(retries);
    while (pass.unread().isPresent() && fresh.hasRoom(pace.rows())) {
      isAny |= collectPage(pass, pass.unread().get(), fresh);
    }
    if (isAny) {
      fresh.readBefore(BinlogEnd.of(kept.to(table)));
    }
    kept.close(); // so that it is not idle while topics are read
    return isAny;
  }

  private boolean collectPage(ReconcilePass pass, Range unread, RowLookup fresh)
      throws SQLException {
    if (Thread.currentThread().isInterrupted()) {
      throw new TransientException("interrupted while rows were read", null);
    }
    long begin = System.nanoTime();
    Page page = rows.read(unread, fresh.window(), pace.rows());
    Duration rest = pace.rest(Duration.ofNanos(System.nanoTime() - begin));
    if (page.read().isEmpty()) {
      // The remaining rows, if any, are too young.
      pass.skip(page);
      return false;
    }
    List<Candidate> found = page.candidates();
    fresh.add(passes.isUnmarked(pass) ? reconciler.completed(found) : found);
    pass.looksUp(page.read().get());
    LockSupport.parkNanos(rest.toNanos());
    return true;
  }

  /** Reads the next rows that were looked up. */
  private Page next(ReconcilePass pass, ReconcileWindow window) throws SQLException {
    List<Candidate> retries = pass.retries(pace.rows());
    if (!retries.isEmpty()) {
      return new Page(retries.size(), retries, Optional.empty(), Optional.empty());
    }
    Optional<Range> range = pass.undecided();
    if (range.isEmpty()) {
      return Page.EMPTY;
    }
    Page page = rows.read(range.get(), window, pace.rows());
    // The rows of the range may be finished meanwhile.
    return page.read().isPresent()
        ? page
        : new Page(page.rows(), page.candidates(), range, page.first());
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
