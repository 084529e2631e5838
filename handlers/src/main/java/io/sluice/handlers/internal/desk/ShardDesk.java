package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads and writes the delivery columns of one shard, for all domains: what is asked for at the
 * same time takes one statement. It asks the database until that answers, so that a shard that is
 * away delays its own events and nothing else. All but {@link #ask}, {@link #callBegun}, {@link
 * #callEnded} and {@link #stop} runs on the desk's own thread.
 */
final class ShardDesk implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardDesk.class);

  /** How long a connection is kept for want of work; a pool has others to serve. */
  private static final Duration IDLE = Duration.ofMillis(500);

  /** They take several statements each, and outcomes wait meanwhile. */
  private static final int OTHERS_AT_A_TIME = 50;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final ShardId shard;
  private final DeskSession session;
  private final WriteBatching batching;
  private final InstantSource clock;
  private final ShardHealth health;
  private final LinkedBlockingQueue<RowRequest> requests = new LinkedBlockingQueue<>();
  private final HandlerTimings timings;
  private final DeskBoard board;
  private final RowTrouble trouble;
  private final RowReader reader;
  private final RowWriter writer;
  private final RowParker parker;
  private final RowAbsence absence;
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Instant askedAt = Instant.MAX;
  private int failures;

  ShardDesk(
      ShardId shard,
      DataSource dataSource,
      WriteBatching batching,
      HandlerTimings timings,
      InstantSource clock) {
    this.shard = shard;
    this.session = new DeskSession(shard.value(), dataSource);
    this.batching = batching;
    this.timings = timings;
    this.clock = clock;
    this.board = new DeskBoard(timings.lockedRow());
    this.health = new ShardHealth(shard);
    this.trouble = new RowTrouble(shard, session, board, clock);
    this.reader = new RowReader(session, board, trouble);
    this.writer = new RowWriter(session, board, trouble);
    this.parker = new RowParker(session, board, trouble);
    this.absence = new RowAbsence(session, board, trouble);
  }

  /**
   * Whether the shard could not be read or written when that was tried last, or an answer is
   * overdue. Thread-safe.
   */
  boolean isAway() {
    return health.isAway() || askedAt.isBefore(clock.instant().minus(timings.shardAnswer()));
  }

  void ask(RowRequest request) {
    requests.add(request);
  }

  /**
   * A handler was called for an event of this shard: a write may be near, for which others wait.
   */
  void callBegun() {
    calls.incrementAndGet();
  }

  void callEnded() {
    calls.decrementAndGet();
  }

  /** Ends the desk's thread soon; what is not answered by then never is. */
  void stop() {
    stopped.countDown();
  }

  @Override
  public void run() {
    try {
      while (stopped.getCount() > 0) {
        runOnce();
      }
    } catch (InterruptedException e) {
      LOG.debug("the desk of shard '{}' ends: it was interrupted", shard);
    } finally {
      session.release();
    }
  }

  void runOnce() throws InterruptedException {
    try {
      List<RowRequest> taken = take(untilDue());
      Instant now = clock.instant();
      board.add(taken, now);
      board.reopen(now);
      if (board.isEmpty()) {
        session.release();
      } else {
        serve();
      }
    } catch (SQLException | RuntimeException | Error e) {
      failed(e);
    } finally {
      askedAt = Instant.MAX;
    }
  }

  /** Waits for one, and takes all that have come by then; none at the end of the time. */
  private List<RowRequest> take(Duration longest) throws InterruptedException {
    List<RowRequest> taken = new ArrayList<>();
    @Nullable RowRequest first = requests.poll(longest.toNanos(), TimeUnit.NANOSECONDS);
    if (first != null) {
      taken.add(first);
      requests.drainTo(taken);
    }
    return taken;
  }

  private Duration untilDue() {
    Instant now = clock.instant();
    if (board.hasReadsOrOthers() || areWritesDue(now)) {
      return Duration.ZERO;
    }
    Duration wait = session.isOpen() ? IDLE : LONGEST_WAIT;
    if (board.writeCount() > 0) {
      wait = shorter(wait, Duration.between(now, board.firstWrite().plus(batching.linger())));
    }
    Optional<Instant> later = board.nextLater();
    return later.isPresent() ? shorter(wait, Duration.between(now, later.get())) : wait;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /** Nobody waits for company that is not to come: without calls under way no write is near. */
  private boolean areWritesDue(Instant now) {
    return board.writeCount() > 0
        && (board.writeCount() >= batching.most()
            || calls.get() == 0
            || !board.firstWrite().plus(batching.linger()).isAfter(now));
  }

  private void serve() throws SQLException {
    List<RowRequest.Read> reads = board.reads(batching.most());
    boolean writes = areWritesDue(clock.instant());
    List<RowRequest> others = board.others(OTHERS_AT_A_TIME);
    if (!reads.isEmpty()) {
      askedAt = clock.instant();
      reader.read(reads);
    }
    if (writes) {
      askedAt = clock.instant();
      write();
    }
    for (RowRequest other : others) {
      askedAt = clock.instant();
      serveOther(other);
    }
    if (writes || !reads.isEmpty() || !others.isEmpty()) {
      worked();
    }
  }

  private void write() throws SQLException {
    List<RowRequest.Write> fresh = board.writes(batching.most(), false);
    if (!fresh.isEmpty()) {
      writer.write(fresh);
    }
    List<RowRequest.Write> refused = board.writes(batching.most(), true);
    if (!refused.isEmpty()) {
      writer.writeThoseFree(refused);
    }
  }

  private void serveOther(RowRequest request) throws SQLException {
    if (request instanceof RowRequest.Park park) {
      parker.park(park);
    } else if (request instanceof RowRequest.Confirm confirm) {
      absence.confirm(confirm);
    } else if (request instanceof RowRequest.FailedHeads heads) {
      // In a transaction, which a proxy that splits reads from writes sends to the primary.
      session.begin();
      Map<String, AggregateKey> found =
          RowReads.failedHeads(session.connection(), shard, heads.domain());
      session.commit();
      board.close(heads);
      heads.answer().accept(found);
    } else if (request instanceof RowRequest.Probe probe) {
      trouble.tryNobodys();
      board.close(probe);
      probe.answer().run();
    }
  }

  private void worked() {
    failures = 0;
    health.worked();
  }

  private void failed(Throwable cause) throws InterruptedException {
    // Data sources throw more than they declare, a pool that is closed for one.
    SQLException refused = cause instanceof SQLException sql ? sql : new SQLException(cause);
    // Nor given back: a pool would lend it again, though another may lead to a server that takes
    // what this one refused.
    session.abandon(refused);
    health.failed(refused);
    failures++;
    stopped.await(timings.awayShard().delay(failures).toMillis(), TimeUnit.MILLISECONDS);
  }
}
