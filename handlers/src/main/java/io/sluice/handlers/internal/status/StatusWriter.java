package io.sluice.handlers.internal.status;

import io.sluice.handlers.internal.status.RowWrites.Kind;
import io.sluice.outbox.OutboxStatus;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes the outcomes of attempts. Owned by the store's thread. */
final class StatusWriter {

  /** Failures contain error texts, and the smallest servers accept packets of 1 MB. */
  private static final int MOST_FAILURES = 200;

  private final StatusSession session;
  private final PendingRequests pending;
  private final RowIsolation isolation;

  StatusWriter(StatusSession session, PendingRequests pending, RowIsolation isolation) {
    this.session = session;
    this.pending = pending;
    this.isolation = isolation;
  }

  /** Writes all outcomes, with one statement for each kind. */
  void write(List<RowRequest.Write> writes) throws SQLException {
    isolation.run(writes, this::writeTogether);
  }

  private void writeTogether(List<RowRequest.Write> writes) throws SQLException {
    try {
      for (List<RowRequest.Write> group : byKind(writes)) {
        if (RowWrites.write(session.connection(), Kind.of(group.get(0)), group)) {
          group.forEach(
              write -> pending.answer(write, write.answer(), Optional.of(afterwards(write))));
        } else {
          // Another worker has changed some rows, or this worker has, if an earlier response was
          // lost.
          lockAndWrite(group);
        }
      }
    } catch (SQLException e) {
      if (RowRefusal.of(e) != RowRefusal.LOCKED) {
        throw e;
      }
      session.recover(e);
      writeUnlocked(writes.stream().filter(pending::isOpen).toList());
    }
  }

  private static List<List<RowRequest.Write>> byKind(List<RowRequest.Write> writes) {
    return writes.stream().collect(Collectors.groupingBy(Kind::of)).entrySet().stream()
        .flatMap(group -> parts(group.getKey(), group.getValue()))
        .toList();
  }

  private static Stream<List<RowRequest.Write>> parts(Kind kind, List<RowRequest.Write> writes) {
    if (kind.status() == OutboxStatus.PUBLISHED) {
      return Stream.of(writes);
    }
    return IntStream.iterate(0, at -> at < writes.size(), at -> at + MOST_FAILURES)
        .mapToObj(at -> writes.subList(at, Math.min(writes.size(), at + MOST_FAILURES)));
  }

  private static RowState afterwards(RowRequest.Write write) {
    return write.update().before().after(write.update());
  }

  /** Writes without waiting for locks. Outcomes of locked rows are retried. */
  void writeUnlocked(List<RowRequest.Write> writes) throws SQLException {
    isolation.run(writes, this::lockAndWrite);
  }

  private void lockAndWrite(List<RowRequest.Write> writes) throws SQLException {
    Map<String, RowState> rows = rowsAfterWrite(writes);
    for (RowRequest.Write write : writes) {
      RowState row = rows.get(write.id());
      if (row != null) {
        pending.answer(write, write.answer(), Optional.of(row));
        continue;
      }
      FoundRow found = RowReads.one(session.connection(), write.id());
      if (found instanceof FoundRow.Gone) {
        pending.answer(write, write.answer(), Optional.empty());
      } else if (found instanceof FoundRow.Unreadable unreadable) {
        isolation.retry(write, unreadable.why());
      } else {
        isolation.retryLocked(write);
      }
    }
  }

  /**
   * Writes to the rows that can be locked.
   *
   * @return these rows after the write
   */
  private Map<String, RowState> rowsAfterWrite(List<RowRequest.Write> writes) throws SQLException {
    List<String> ids = writes.stream().map(RowRequest.Write::id).toList();
    session.begin();
    Map<String, RowState> rows = new HashMap<>(RowReads.locking(session.connection(), ids));
    List<RowRequest.Write> unlocked =
        writes.stream().filter(write -> rows.containsKey(write.id())).toList();
    for (List<RowRequest.Write> group : byKind(unlocked)) {
      RowWrites.write(session.connection(), Kind.of(group.get(0)), group);
    }
    if (!unlocked.isEmpty()) {
      rows.putAll(RowReads.locking(session.connection(), rows.keySet()));
    }
    session.commit();
    return rows;
  }
}
