package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.status.RowRequest.Confirmation;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
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
    Map<String, FoundRow> free =
        RowReads.free(session.connection(), ids(reads), reads.get(0).withPayload());
    List<RowRequest.Read> rest = new ArrayList<>();
    for (RowRequest.Read read : reads) {
      FoundRow row = free.get(read.id());
      if (row == null) {
        rest.add(read);
      } else {
        answer(read, row);
      }
    }
    if (rest.isEmpty()) {
      return;
    }
    Map<String, FoundRow> notFree = RowReads.each(session.connection(), ids(rest));
    rest.forEach(read -> answer(read, Objects.requireNonNull(notFree.get(read.id()), "row")));
  }

  private static List<String> ids(List<? extends RowRequest> requests) {
    return requests.stream().map(RowRequest::id).toList();
  }

  private void answer(RowRequest.Read read, FoundRow found) {
    if (found instanceof FoundRow.Unreadable unreadable) {
      isolation.retry(read, unreadable.why());
    } else if (found instanceof FoundRow.Gone) {
      pending.answer(read, read.answer(), Optional.empty());
    } else if (found instanceof FoundRow.Present present
        && present.payload().isPresent() == read.withPayload()) {
      pending.answer(read, read.answer(), Optional.of(present));
    } else {
      // A row that has become free meanwhile was read without its payload.
      isolation.retryLocked(read);
    }
  }

  void execute(RowRequest request) throws SQLException {
    if (request instanceof RowRequest.Park park) {
      isolation.run(List.of(park), only -> park(park));
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
    if (head instanceof FoundRow.Unreadable unreadable) {
      session.commit();
      isolation.retry(park, unreadable.why());
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

  void confirm(List<RowRequest.Confirm> confirms) throws SQLException {
    isolation.run(confirms, this::confirmTogether);
  }

  /**
   * Runs in a transaction, because a proxy that splits reads from writes sends those to the
   * primary.
   */
  private void confirmTogether(List<RowRequest.Confirm> confirms) throws SQLException {
    Set<String> transactions =
        confirms.stream()
            .map(RowRequest.Confirm::transaction)
            .flatMap(Optional::stream)
            .collect(Collectors.toSet());
    session.begin();
    // In this order: the read of the rows then sees every transaction that the check has seen.
    Set<String> notExecuted = RowReads.notExecuted(session.connection(), transactions);
    Map<String, FoundRow> rows = RowReads.each(session.connection(), ids(confirms));
    session.commit();
    for (RowRequest.Confirm confirm : confirms) {
      Optional<String> doubt =
          confirm
              .transaction()
              .filter(notExecuted::contains)
              .map("the server has not executed transaction %s, which wrote it"::formatted);
      answer(confirm, Objects.requireNonNull(rows.get(confirm.id()), "row"), doubt);
    }
  }

  private void answer(RowRequest.Confirm confirm, FoundRow found, Optional<String> doubt) {
    if (found instanceof FoundRow.Unreadable unreadable) {
      isolation.retry(confirm, unreadable.why());
    } else if (found instanceof FoundRow.Locked) {
      isolation.retryLocked(confirm);
    } else {
      pending.answer(
          confirm, confirm.answer(), confirmation(found.state(), confirm.redrives(), doubt));
    }
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
    boolean isMore = RowReads.addFailedHeads(session.connection(), shard, heads);
    session.commit();
    if (!isMore) {
      pending.answer(heads, heads.answer(), heads.found());
    }
  }
}
