package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import io.sluice.handlers.internal.table.RowRefusal;
import io.sluice.handlers.internal.table.RowWrites;
import io.sluice.handlers.internal.table.RowWrites.Kind;
import io.sluice.outbox.OutboxStatus;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Writes outcomes to rows. Owned by the desk's thread. */
final class RowWriter {

  /** With their errors they are large, and a packet of the smallest server takes a megabyte. */
  private static final int MOST_FAILURES = 200;

  private final DeskSession session;
  private final DeskBoard board;
  private final RowTrouble trouble;

  RowWriter(DeskSession session, DeskBoard board, RowTrouble trouble) {
    this.session = session;
    this.board = board;
    this.trouble = trouble;
  }

  /** Writes all of them by a statement for each kind. */
  void write(List<RowRequest.Write> writes) throws SQLException {
    try {
      for (List<RowRequest.Write> group : byKind(writes)) {
        if (RowWrites.write(session.connection(), Kind.of(group.get(0)), group)) {
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
        trouble.oneByOne(open(writes), e, this::write);
      }
    }
  }

  private List<RowRequest.Write> open(List<RowRequest.Write> writes) {
    return writes.stream().filter(board::isOpen).toList();
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

  private void answerWritten(RowRequest.Write write) {
    board.close(write);
    write.answer().accept(Optional.of(write.update().before().after(write.update())));
  }

  /** Some rows have moved on, by another worker's hand or by this one's whose answer was lost. */
  private void answerAsItStands(List<RowRequest.Write> group) throws SQLException {
    List<String> ids = group.stream().map(RowRequest.Write::id).toList();
    Map<String, RowState> rows = RowReads.free(session.connection(), ids);
    for (RowRequest.Write write : group) {
      RowState row = rows.get(write.id());
      answer(write, row == null ? trouble.one(write.id()) : new Found.Row(row));
    }
  }

  private void answer(RowRequest.Write write, Found found) {
    if (found instanceof Found.Locked) {
      trouble.putOff(write, write.id(), "somebody else holds its row");
      return;
    }
    board.close(write);
    write.answer().accept(RowReader.stateOf(found));
  }

  /** Waits for no row: those that somebody holds are put off. */
  void writeThoseFree(List<RowRequest.Write> writes) throws SQLException {
    try {
      Map<String, RowState> held = writeThoseHeld(writes);
      for (RowRequest.Write write : writes) {
        RowState row = held.get(write.id());
        if (row != null) {
          answer(write, new Found.Row(row));
        } else if (trouble.one(write.id()) instanceof Found.Gone gone) {
          answer(write, gone);
        } else {
          answer(write, new Found.Locked());
        }
      }
    } catch (SQLException e) {
      trouble.oneByOne(writes, e, this::writeThoseFree);
    }
  }

  private Map<String, RowState> writeThoseHeld(List<RowRequest.Write> writes) throws SQLException {
    List<String> ids = writes.stream().map(RowRequest.Write::id).toList();
    session.begin();
    Map<String, RowState> held = new HashMap<>(RowReads.locking(session.connection(), ids));
    List<RowRequest.Write> free =
        writes.stream().filter(write -> held.containsKey(write.id())).toList();
    for (List<RowRequest.Write> group : byKind(free)) {
      RowWrites.write(session.connection(), Kind.of(group.get(0)), group);
    }
    if (!free.isEmpty()) {
      held.putAll(RowReads.locking(session.connection(), held.keySet()));
    }
    session.commit();
    return held;
  }
}
