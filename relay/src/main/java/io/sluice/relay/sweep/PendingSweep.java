package io.sluice.relay.sweep;

import io.sluice.relay.check.BinlogEnd;
import io.sluice.relay.forward.Progress;
import io.sluice.relay.repair.Repair.SweepGap;
import io.sluice.relay.replay.RepairDesk;
import io.sluice.relay.shard.ShardServer;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.table.TableSession;
import io.sluice.relay.table.TableTask;
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
 * Gaps in what was read of the binary log come first; after that everything, slowly and for ever.
 *
 * <p>A row's age proves nothing, for its handler may be slow. It is published only if the binlog
 * has been read beyond the moment it was seen in its table, and it is still not on its topic.
 */
public final class PendingSweep implements TableTask {

  private static final Logger LOG = LoggerFactory.getLogger(PendingSweep.class);
  private static final List<String> STATUSES = List.of("PENDING", "RETRY");
  private static final Duration NOTHING_LEFT = Duration.ofSeconds(30);
  private static final Duration NEW_GAP = Duration.ofSeconds(1);
  private static final Duration NOT_READ_YET = Duration.ofSeconds(5);
  private static final Duration FOR_OPERATOR = Duration.ofMinutes(5);
  private static final Duration CATCH_UP = Duration.ofSeconds(20);
  private static final long CATCH_UP_POLL_MILLIS = 100;

  private final ShardServer server;
  private final ShardTable table;
  private final SweepSettings settings;
  private final RepairDesk desk;
  private final SweepJudge judge;
  private final Progress progress;
  private final SweepPage pages;

  // Where it stands, of this upkeep's thread alone.
  private final Map<String, String> seenUpTo = new HashMap<>();
  private Optional<SweepGap> presentGap = Optional.empty();
  private SweepResult result = SweepResult.NONE;
  private long begunAt = System.nanoTime();
  private long idleSince;

  /** What a sweep works with beside its table. */
  public record Means(RepairDesk desk, SweepJudge judge, Progress progress) {}

  public PendingSweep(ShardServer server, ShardTable table, SweepSettings settings, Means means) {
    this.server = server;
    this.table = table;
    this.settings = settings;
    this.desk = means.desk();
    this.judge = means.judge();
    this.progress = means.progress();
    this.pages = new SweepPage(table);
    this.idleSince = System.nanoTime() - NOTHING_LEFT.toNanos();
  }

  @Override
  public String name() {
    return "sweep of " + table.name();
  }

  @Override
  public Duration runOnce() throws SQLException {
    chooseGap();
    if (!isDue()) {
      return NEW_GAP;
    }
    for (String status : STATUSES) {
      Optional<Integer> looked = sweep(status);
      if (looked.isEmpty()) {
        return NOT_READ_YET;
      }
      if (looked.get() > 0) {
        return Duration.ofMillis(1_000L * looked.get() / settings.rowsPerSecond());
      }
    }
    idleSince = System.nanoTime();
    if (presentGap.isPresent() && result.held() + result.refused() > 0) {
      // Somebody holds rows of the gap: once more from its beginning.
      Duration pause = result.held() > 0 ? NOT_READ_YET : FOR_OPERATOR;
      startOver();
      return pause;
    }
    finishGap();
    return NEW_GAP;
  }

  private void startOver() {
    seenUpTo.clear();
    result = SweepResult.NONE;
    begunAt = System.nanoTime();
  }

  /** A gap is swept as soon as it is known; everything else now and then. */
  private boolean isDue() {
    return presentGap.isPresent()
        || (settings.isEnabled() && System.nanoTime() - idleSince >= NOTHING_LEFT.toNanos());
  }

  private void chooseGap() {
    Optional<SweepGap> gap =
        desk.open(SweepGap.class, Integer.MAX_VALUE).stream()
            .filter(open -> open.shard().equals(table.shard()))
            .findFirst();
    boolean isLongAgo =
        gap.isEmpty() && System.nanoTime() - begunAt > settings.everything().toNanos();
    if (!gap.equals(presentGap) || isLongAgo) {
      presentGap = gap;
      startOver();
    }
  }

  private void finishGap() {
    if (presentGap.isPresent()) {
      desk.done(List.of(presentGap.get()));
      report(presentGap.get());
      presentGap = Optional.empty();
      startOver();
    }
  }

  private void report(SweepGap gap) {
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

  /** How many rows were read; empty if the binlog has not been read far enough to judge. */
  private Optional<Integer> sweep(String status) throws SQLException {
    SweepWindow window =
        presentGap.map(SweepWindow::of).orElseGet(() -> SweepWindow.settled(settings.settled()));
    Optional<String> after = Optional.ofNullable(seenUpTo.get(status));
    try (Connection connection = TableSession.open(server, table)) {
      SweepPage.Read page = pages.read(connection, status, window, after, settings.pageRows());
      if (!page.candidates().isEmpty()) {
        if (!isReadBeyond(BinlogEnd.of(connection))) {
          return Optional.empty();
        }
        result = result.plus(judge.judge(connection, page.candidates(), presentGap));
      }
      // Where all that is left is too young, this is the end for now.
      page.last().ifPresent(last -> seenUpTo.put(status, last));
      return Optional.of(page.last().isPresent() ? page.rows() : 0);
    }
  }

  /**
   * Waits until all before this end is in Kafka. Compared by place in the file: a row is in the
   * binary log before it can be seen, but among the executed transactions only after.
   */
  private boolean isReadBeyond(BinlogEnd end) {
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
