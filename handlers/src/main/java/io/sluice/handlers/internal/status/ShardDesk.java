package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.retry.Backoff;
import io.sluice.handlers.internal.status.RowReads.Found;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import javax.sql.DataSource;
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

  private static final Backoff AWAY = new Backoff(Duration.ofMillis(100), Duration.ofSeconds(10));

  /** How long a connection is kept for want of work; a pool has others to serve. */
  private static final Duration IDLE = Duration.ofMillis(500);

  private static final Duration LONGEST_WAIT = Duration.ofMinutes(1);

  /** A refusal is told only after so many: most pass within milliseconds. */
  private static final int TELL_AT = 8;

  private final ShardId shard;
  private final DeskSession session;
  private final WriteBatching batching;
  private final InstantSource clock;
  private final ShardHealth health;
  private final DeskQueue queue = new DeskQueue();
  private final DeskBoard board = new DeskBoard();
  private final AtomicInteger calls = new AtomicInteger();
  private final CountDownLatch stopped = new CountDownLatch(1);
  private int failures;

  ShardDesk(ShardId shard, DataSource dataSource, WriteBatching batching, InstantSource clock) {
    this.shard = shard;
    this.session = new DeskSession(shard.value(), dataSource);
    this.batching = batching;
    this.clock = clock;
    this.health = new ShardHealth(shard);
  }

  void ask(DeskRequest request) {
    queue.add(request);
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
      release();
    }
  }

  void runOnce() throws InterruptedException {
    List<DeskRequest> taken = queue.take(untilDue());
    Instant now = clock.instant();
    board.add(taken, now);
    board.reopen(now);
    if (board.isEmpty()) {
      release();
      return;
    }
    try {
      serve();
    } catch (SQLException | RuntimeException e) {
      failed(e);
    }
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
    List<DeskRequest.Read> reads = board.reads(batching.most());
    if (!reads.isEmpty()) {
      read(reads);
      worked();
    }
    for (DeskRequest other : board.others()) {
      serveOther(other);
      worked();
    }
    if (areWritesDue(clock.instant())) {
      write();
      worked();
    }
  }

  private void write() throws SQLException {
    List<DeskRequest.Write> fresh = board.writes(batching.most(), false);
    if (!fresh.isEmpty()) {
      write(fresh);
    }
    List<DeskRequest.Write> refused = board.writes(batching.most(), true);
    if (!refused.isEmpty()) {
      writeThoseFree(refused);
    }
  }

  // Reads

  private void read(List<DeskRequest.Read> reads) throws SQLException {
    try {
      List<String> ids = reads.stream().map(DeskRequest.Read::id).toList();
      Map<String, RowState> free = RowReads.free(session.connection(), ids);
      for (DeskRequest.Read read : reads) {
        RowState row = free.get(read.id());
        answer(read, row == null ? one(read.id()) : new Found.Row(row));
      }
    } catch (SQLException e) {
      oneByOne(reads, e, this::read);
    }
  }

  private Found one(String id) throws SQLException {
    return RowReads.one(session.connection(), id);
  }

  private void answer(DeskRequest.Read read, Found found) {
    if (found instanceof Found.Locked) {
      putOff(read, read.id(), "somebody else holds its row");
      return;
    }
    board.close(read);
    read.answer().accept(stateOf(found));
  }

  private static Optional<RowState> stateOf(Found found) {
    return found instanceof Found.Row row ? Optional.of(row.state()) : Optional.empty();
  }

  // Writes

  private void write(List<DeskRequest.Write> writes) throws SQLException {
    try {
      for (List<DeskRequest.Write> group : byStatus(writes)) {
        OutboxStatus status = group.get(0).update().status();
        if (RowWrites.write(session.connection(), status, group)) {
          group.forEach(this::answerWritten);
        } else {
          answerAsItStands(group);
        }
      }
    } catch (SQLException e) {
      if (RowRefusal.of(e) == RowRefusal.LOCKED) {
        session.recover(e);
        writeThoseFree(open(writes));
      } else {
        oneByOne(open(writes), e, this::write);
      }
    }
  }

  private List<DeskRequest.Write> open(List<DeskRequest.Write> writes) {
    return writes.stream().filter(board::isOpen).toList();
  }

  private static Collection<List<DeskRequest.Write>> byStatus(List<DeskRequest.Write> writes) {
    return writes.stream()
        .collect(Collectors.groupingBy(write -> write.update().status()))
        .values();
  }

  private void answerWritten(DeskRequest.Write write) {
    board.close(write);
    write.answer().accept(Optional.of(write.update().before().after(write.update())));
  }

  /** Some rows have moved on, by another worker's hand or by this one's whose answer was lost. */
  private void answerAsItStands(List<DeskRequest.Write> group) throws SQLException {
    List<String> ids = group.stream().map(DeskRequest.Write::id).toList();
    Map<String, RowState> rows = RowReads.free(session.connection(), ids);
    for (DeskRequest.Write write : group) {
      RowState row = rows.get(write.id());
      answer(write, row == null ? one(write.id()) : new Found.Row(row));
    }
  }

  private void answer(DeskRequest.Write write, Found found) {
    if (found instanceof Found.Locked) {
      putOff(write, write.id(), "somebody else holds its row");
      return;
    }
    board.close(write);
    write.answer().accept(stateOf(found));
  }

  /** Waits for no row: those that somebody holds are put off. */
  private void writeThoseFree(List<DeskRequest.Write> writes) throws SQLException {
    try {
      Map<String, RowState> held = writeThoseHeld(writes);
      for (DeskRequest.Write write : writes) {
        RowState row = held.get(write.id());
        if (row != null) {
          answer(write, new Found.Row(row));
        } else if (one(write.id()) instanceof Found.Gone gone) {
          answer(write, gone);
        } else {
          answer(write, new Found.Locked());
        }
      }
    } catch (SQLException e) {
      oneByOne(writes, e, this::writeThoseFree);
    }
  }

  private Map<String, RowState> writeThoseHeld(List<DeskRequest.Write> writes) throws SQLException {
    List<String> ids = writes.stream().map(DeskRequest.Write::id).toList();
    session.begin();
    Map<String, RowState> held = new HashMap<>(RowReads.locking(session.connection(), ids));
    List<DeskRequest.Write> free =
        writes.stream().filter(write -> held.containsKey(write.id())).toList();
    for (List<DeskRequest.Write> group : byStatus(free)) {
      RowWrites.write(session.connection(), group.get(0).update().status(), group);
    }
    if (!free.isEmpty()) {
      held.putAll(RowReads.locking(session.connection(), held.keySet()));
    }
    session.commit();
    return held;
  }

  // The rest

  private void serveOther(DeskRequest request) throws SQLException {
    if (request instanceof DeskRequest.Park park) {
      park(park);
    } else if (request instanceof DeskRequest.FailedHeads heads) {
      Map<AggregateKey, String> found =
          RowReads.failedHeads(session.connection(), shard, heads.domain());
      board.close(heads);
      heads.answer().accept(found);
    }
  }

  /** The head is held while it is decided: a redrive of it comes either before or after. */
  private void park(DeskRequest.Park park) throws SQLException {
    DeskRequest.ParkAnswer answer;
    try {
      session.begin();
      Found head = one(park.head());
      if (head instanceof Found.Locked) {
        session.commit();
        putOff(park, park.id(), "somebody else holds the row of event " + park.head());
        return;
      }
      answer = parkBehind(park, stateOf(head).map(RowState::status));
      session.commit();
    } catch (SQLException e) {
      oneByOne(List.of(park), e, only -> {});
      return;
    }
    board.close(park);
    park.answer().accept(answer);
  }

  private DeskRequest.ParkAnswer parkBehind(DeskRequest.Park park, Optional<OutboxStatus> head)
      throws SQLException {
    if (head.isEmpty() || head.get() == OutboxStatus.PUBLISHED) {
      return new DeskRequest.ParkAnswer.HeadDone();
    }
    if (head.get() != OutboxStatus.FAILED) {
      return new DeskRequest.ParkAnswer.HeadUnderWay();
    }
    String lastError = new ParkedBehind(park.head()).lastError();
    RowWrites.park(session.connection(), park.id(), lastError, Instant.now());
    Map<String, RowState> row = RowReads.locking(session.connection(), List.of(park.id()));
    return new DeskRequest.ParkAnswer.Behind(Optional.ofNullable(row.get(park.id())));
  }

  // Trouble

  private interface Statement<R> {
    void run(List<R> requests) throws SQLException;
  }

  /** Finds those whose rows the statement failed for, puts them off, and serves the others. */
  private <R extends DeskRequest> void oneByOne(
      List<R> requests, SQLException cause, Statement<R> statement) throws SQLException {
    session.recover(cause);
    if (RowRefusal.of(cause) == RowRefusal.NONE) {
      throw cause;
    }
    if (requests.size() == 1) {
      putOff(requests.get(0), idOf(requests.get(0)), cause.toString());
      return;
    }
    for (R request : requests) {
      if (board.isOpen(request)) {
        statement.run(List.of(request));
      }
    }
  }

  private static String idOf(DeskRequest request) {
    if (request instanceof DeskRequest.Read read) {
      return read.id();
    }
    if (request instanceof DeskRequest.Write write) {
      return write.id();
    }
    return request instanceof DeskRequest.Park park ? park.id() : "";
  }

  private void putOff(DeskRequest request, String id, String reason) {
    if (board.putOff(request, clock.instant()) == TELL_AT) {
      LOG.warn(
          "event {} of shard '{}' waits for its row: {}: it is tried again until that has passed",
          id,
          shard,
          reason);
    }
  }

  private void worked() {
    failures = 0;
    health.worked();
  }

  private void failed(Exception cause) throws InterruptedException {
    // Data sources throw more than they declare, a pool that is closed for one.
    SQLException refused = cause instanceof SQLException sql ? sql : new SQLException(cause);
    session.recover(refused);
    health.failed(refused);
    failures++;
    stopped.await(AWAY.delay(failures).toMillis(), TimeUnit.MILLISECONDS);
  }

  private void release() {
    try {
      session.release();
    } catch (SQLException e) {
      LOG.debug("a connection of shard '{}' could not be given back as it was", shard, e);
    }
  }
}
