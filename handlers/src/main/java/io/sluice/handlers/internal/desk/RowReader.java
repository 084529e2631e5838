package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Answers how rows stand. Owned by the desk's thread. */
final class RowReader {

  private final DeskSession session;
  private final DeskBoard board;
  private final RowTrouble trouble;

  RowReader(DeskSession session, DeskBoard board, RowTrouble trouble) {
    this.session = session;
    this.board = board;
    this.trouble = trouble;
  }

  /** Reads all of them by one statement. */
  void read(List<RowRequest.Read> reads) throws SQLException {
    try {
      List<String> ids = reads.stream().map(RowRequest.Read::id).toList();
      Map<String, RowState> free = RowReads.free(session.connection(), ids);
      for (RowRequest.Read read : reads) {
        RowState row = free.get(read.id());
        answer(read, row == null ? trouble.one(read.id()) : new Found.Row(row));
      }
    } catch (SQLException e) {
      trouble.oneByOne(reads, e, this::read);
    }
  }

  private void answer(RowRequest.Read read, Found found) {
    if (found instanceof Found.Locked) {
      trouble.putOff(read, read.id(), "somebody else holds its row");
      return;
    }
    board.close(read);
    read.answer().accept(stateOf(found));
  }

  static Optional<RowState> stateOf(Found found) {
    return found instanceof Found.Row row ? Optional.of(row.state()) : Optional.empty();
  }
}
