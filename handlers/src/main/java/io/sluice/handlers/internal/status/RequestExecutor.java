package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Executes all requests except writes, which {@link StatusWriter} executes. Owned by the store's
 * thread.
 */
final class RequestExecutor {

  private final ShardId shard;
  private final StatusSession session;
  private final PendingRequests pending;
  private final RowIsolation isolation;

  RequestExecutor(
      ShardId shard, StatusSession session, PendingRequests pending, RowIsolation isolation) {
    this.shard = shard;
    this.session = session;
    this.pending = pending;
    this.isolation = isolation;
  }

  /** Reads all rows by one statement, plus another one for the rows whose payloads are needed. */
  void read(List<RowRequest.Read> reads) throws SQLException {
    Map<Boolean, List<RowRequest.Read>> byPayload =
        reads.stream().collect(Collectors.groupingBy(RowRequest.Read::withPayload));
    for (List<RowRequest.Read> part : byPayload.values()) {
      isolation.run(part, this::readTogether);
    }
  }

  private void readTogether(List<RowRequest.Read> reads) throws SQLException {
    List<String> ids = reads.stream().map(RowRequest.Read::id).toList();
    Map<String, FoundRow.Present> free =
        RowReads.free(session.connection(), ids, reads.get(0).withPayload());
    for (RowRequest.Read read : reads) {
      FoundRow.Present row = free.get(read.id());
      if (row == null) {
        answerNotFree(read, RowReads.one(session.connection(), read.id()));
      } else {
        pending.answer(read, read.answer(), Optional.of(row));
      }
    }
  }

  private void answerNotFree(RowRequest.Read read, FoundRow found) {
    boolean isFreeNow = found instanceof FoundRow.Present;
    if (found instanceof FoundRow.Locked || (isFreeNow && read.withPayload())) {
      isolation.retryLocked(read);
      return;
    }
    pending.answer(read, read.answer(), found.state().map(FoundRow.Present::withoutPayload));
  }

  void execute(RowRequest request) throws SQLException {
    if (request instanceof RowRequest.Park park) {
      isolation.run(List.of(park), only -> park(park));
    } else if (request instanceof RowRequest.Confirm confirm) {
      isolation.run(List.of(confirm), only -> confirm(confirm));
    } else if (request instanceof RowRequest.FailedHeads heads) {
      readFailedHeads(heads);
    } else if (request instanceof RowRequest.Probe probe) {
      isolation.probe();
      pending.close(probe);
      probe.answer().run();
    }
  }

  /** Locks the head's row, so that a concurrent redrive of it runs either before or after. */
  private void park(RowRequest.Park park) throws SQLException {
    session.begin();
    FoundRow head = RowReads.one(session.connection(), park.head());
    if (head instanceof FoundRow.Locked) {
      session.commit();
      isolation.retry(park, "the row of event %s is locked".formatted(park.head()));
      return;
    }
    ParkAnswer answer = parkBehind(park, head.state());
    session.commit();
    pending.answer(park, park.answer(), answer);
  }

  private ParkAnswer parkBehind(RowRequest.Park park, Optional<RowState> head) throws SQLException {
    if (head.isEmpty() || head.get().status() == OutboxStatus.PUBLISHED) {
      return new ParkAnswer.HeadDone();
    }
    if (head.get().status() != OutboxStatus.FAILED) {
      return new ParkAnswer.HeadUnderWay();
    }
    // Every event is parked behind the failed event itself, not in a chain, so that a redrive finds
    // it.
    String lastError =
        head.get().parked().orElseGet(() -> new ParkedBehind(park.head())).lastError();
    RowWrites.park(session.connection(), park.id(), lastError, Instant.now());
    Map<String, RowState> row = RowReads.locking(session.connection(), List.of(park.id()));
    return new ParkAnswer.Behind(Optional.ofNullable(row.get(park.id())));
  }

  /**
   * Runs in a transaction, because a proxy that splits reads from writes sends those to the
   * primary.
   */
  private void confirm(RowRequest.Confirm confirm) throws SQLException {
    session.begin();
    // In this order: the read of the row then sees every transaction that the check has seen.
    Optional<String> doubt = RowReads.doubtOfAbsence(session.connection(), confirm.transaction());
    FoundRow found = RowReads.one(session.connection(), confirm.id());
    session.commit();
    if (found instanceof FoundRow.Locked) {
      isolation.retryLocked(confirm);
      return;
    }
    pending.answer(
        confirm, confirm.answer(), confirmation(found.state(), confirm.redrives(), doubt));
  }

  private static Confirmation confirmation(
      Optional<RowState> row, int redrives, Optional<String> doubt) {
    boolean isExpected = row.filter(state -> state.redrives() >= redrives).isPresent();
    return isExpected || doubt.isEmpty()
        ? new Confirmation.Certain(row)
        : new Confirmation.Doubtful(doubt.get());
  }

  /**
   * Runs in a transaction, because a proxy that splits reads from writes sends those to the
   * primary.
   */
  private void readFailedHeads(RowRequest.FailedHeads heads) throws SQLException {
    session.begin();
    Map<String, AggregateKey> found =
        RowReads.failedHeads(session.connection(), shard, heads.domain());
    session.commit();
    pending.answer(heads, heads.answer(), found);
  }
}
