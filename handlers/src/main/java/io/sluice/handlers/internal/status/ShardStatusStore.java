package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
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
 * Reads and writes the delivery columns of one shard, for all domains. Concurrent requests share a
 * statement. Requests are retried until the database answers, so a shard that is away delays only
 * its own events. All methods run on the store's own thread, except {@link #ask}, {@link
 * #callBegun}, {@link #callEnded}, {@link #connectionTaken}, {@link #connectionReturned}, {@link
 * #isAway} and {@link #stop}.
 */
final class ShardStatusStore implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(ShardStatusStore.class);

  /** An idle connection is returned to its pool after this time. */
  private static final Duration IDLE = Duration.ofMillis(500);

  /** A connection that was not used for longer may have been closed by the network or server. */
  static final Duration SURE = Duration.ofSeconds(5);

  /** Limited, because the check has a column for each of them. */
  static final int CONFIRMS_AT_A_TIME = 500;

  /** Limited, because these requests take several statements each and delay outcomes. */
  private static final int OTHERS_AT_A_TIME = 50;

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  private final ShardId shard;
  private final StatusSession session;
  private final WriteBatching batching;
  private final HandlerTimings timings;
  private final InstantSource clock;
  private final LinkedBlockingQueue<RowRequest> requests = new LinkedBlockingQueue<>();
  private final PendingRequests pending;
  private final RequestExecutor executor;
  private final StatusWriter writer;
  private final AtomicInteger calls = new AtomicInteger();
  private final AtomicInteger connectionsTaken = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private volatile Instant lentAt = Instant.MIN;
  // Both written by the store's thread only.
  private volatile boolean failing;
  private volatile Instant askedAt = Instant.MAX;
  private Instant usedAt = Instant.MIN;
  private boolean waitsForPool;
  private int failures;

  ShardStatusStore(
      ShardId shard,
      DataSource dataSource,
      WriteBatching batching,
      HandlerTimings timings,
      InstantSource clock) {
    this.shard = shard;
    this.session = new StatusSession(shard.value(), dataSource);
    this.batching = batching;
    this.timings = timings;
    this.clock = clock;
    this.pending = new PendingRequests(timings.lockedRow());
    RowIsolation isolation = new RowIsolation(shard, session, pending, clock);
    this.executor = new RequestExecutor(shard, session, pending, isolation);
    this.writer = new StatusWriter(session, pending, isolation);
  }

  /** Whether the last request failed because of the shard, or its answer is overdue. */
  boolean isAway() {
    return failing
        || (askedAt.isBefore(clock.instant().minus(timings.shardAnswer())) && !isWaitingForPool());
  }

  /**
   * Whether this worker's own handlers may hold the connection that is waited for. Not if no
   * handler was lent one for a while: then the server may be the cause.
   */
  private boolean isWaitingForPool() {
    return session.isBorrowing()
        && connectionsTaken.get() > 0
        && lentAt.plus(timings.borrowedCall()).isAfter(clock.instant());
  }

  void ask(RowRequest request) {
    requests.add(request);
  }

  /** Signals that a handler is called, so that other writes may wait for its outcome. */
  void callBegun() {
    calls.incrementAndGet();
  }

  void callEnded() {
    calls.decrementAndGet();
  }

  /** Signals that a transactional handler has a connection. */
  void connectionTaken() {
    connectionsTaken.incrementAndGet();
    lentAt = clock.instant();
  }

  void connectionReturned() {
    connectionsTaken.decrementAndGet();
  }

  /** Stops the store's thread soon. Pending requests are never answered. */
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
      LOG.debug("the status store of shard '{}' was interrupted and ends", shard);
    } finally {
      session.release();
    }
  }

  void runOnce() throws InterruptedException {
    try {
      List<RowRequest> taken = take(untilDue());
      Instant now = clock.instant();
      pending.add(taken, now);
      pending.reopen(now);
      if (pending.isEmpty()) {
        releaseUnlessScarce();
      } else {
        serve();
      }
    } catch (SQLException | RuntimeException | Error e) {
      failed(e);
    } finally {
      askedAt = Instant.MAX;
    }
  }

  /** While transactional handlers run, a connection that is returned may be hard to get again. */
  private void releaseUnlessScarce() {
    if (connectionsTaken.get() == 0) {
      session.release();
    }
  }

  /** Waits for a request, and takes it together with all others that have arrived. */
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
    if (pending.hasReadsOrOthers() || areWritesDue(now)) {
      return Duration.ZERO;
    }
    Duration wait = session.isOpen() ? IDLE : LONGEST_WAIT;
    if (pending.writeCount() > 0) {
      wait = shorter(wait, Duration.between(now, pending.firstWrite().plus(batching.linger())));
    }
    Optional<Instant> retry = pending.nextRetry();
    return retry.isPresent() ? shorter(wait, Duration.between(now, retry.get())) : wait;
  }

  private static Duration shorter(Duration one, Duration other) {
    return one.compareTo(other) < 0 ? one : other;
  }

  /**
   * Writes linger only while handlers run, because without a running call no outcome is expected
   * soon, and only while no event waits for them. Those that come while a statement runs are
   * written together by the next one.
   */
  private boolean areWritesDue(Instant now) {
    return pending.writeCount() > 0
        && (pending.writeCount() >= batching.most()
            || calls.get() == 0
            || pending.isWriteAwaited()
            || !pending.firstWrite().plus(batching.linger()).isAfter(now));
  }

  private void serve() throws SQLException {
    boolean writes = areWritesDue(clock.instant());
    if (!writes && !pending.hasReadsOrOthers()) {
      return;
    }
    askedAt = clock.instant();
    if (usedAt.plus(SURE).isBefore(askedAt)) {
      session.abandonIfDead();
    }
    var unused = session.connection();
    boolean asked = false;
    for (boolean refused : new boolean[] {false, true}) {
      asked |= serve(pending.reads(batching.most(), refused), executor::read);
    }
    if (writes) {
      asked |= serve(pending.writes(batching.most(), false), writer::write);
      asked |= serve(pending.writes(batching.most(), true), writer::writeUnlocked);
    }
    for (boolean refused : new boolean[] {false, true}) {
      asked |=
          serve(
              pending.confirms(Math.min(batching.most(), CONFIRMS_AT_A_TIME), refused),
              executor::confirm);
    }
    for (RowRequest other : pending.others(OTHERS_AT_A_TIME)) {
      asked |= serve(List.of(other), only -> executor.execute(other));
    }
    if (asked) {
      worked();
    }
  }

  /** Returns whether there was a request. */
  private <R> boolean serve(List<R> requests, RowIsolation.Execution<R> execution)
      throws SQLException {
    if (requests.isEmpty()) {
      return false;
    }
    askedAt = clock.instant();
    execution.run(requests);
    return true;
  }

  private void worked() {
    usedAt = clock.instant();
    waitsForPool = false;
    failures = 0;
    if (failing) {
      failing = false;
      LOG.info("shard '{}' can be read and written again", shard);
    }
  }

  private void failed(Throwable cause) throws InterruptedException {
    // Data sources throw undeclared exceptions, for example if a pool is closed.
    SQLException failure = cause instanceof SQLException sql ? sql : new SQLException(cause);
    // Not returned to the pool, which would lend the connection again. A new connection may lead to
    // a server that accepts the statement.
    session.abandon(failure);
    if (isWaitingForPool() && ShardFailure.isOfThePool(failure)) {
      waitForPool(failure);
    } else if (!failing) {
      failing = true;
      LOG.warn(
          "shard '{}' cannot be read or written: {}: its events wait, no handler is called twice"
              + " for that, and it is tried again until it answers: {}",
          shard,
          ShardFailure.describe(failure),
          ShardFailure.remedy(failure));
    }
    failures++;
    stopped.await(timings.awayShard().delay(failures).toMillis(), TimeUnit.MILLISECONDS);
  }

  private void waitForPool(SQLException failure) {
    if (!waitsForPool) {
      waitsForPool = true;
      LOG.warn(
          "shard '{}': rows wait for a connection until a transactional handler returns its own: {}:"
              + " give the pool one connection for each transactional handler that may run at the"
              + " same time, and one more",
          shard,
          ShardFailure.describe(failure));
    }
  }
}
