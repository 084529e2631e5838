package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.FoundRow;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

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

  /** Reads all of them by one statement, and by another those whose payloads are needed. */
  void read(List<RowRequest.Read> reads) throws SQLException {
    Map<Boolean, List<RowRequest.Read>> byPayload =
        reads.stream().collect(Collectors.partitioningBy(RowRequest.Read::withPayload));
    for (List<RowRequest.Read> part : byPayload.values()) {
      if (!part.isEmpty()) {
        readAlike(part);
      }
    }
  }

  private void readAlike(List<RowRequest.Read> reads) throws SQLException {
    try {
      List<String> ids = reads.stream().map(RowRequest.Read::id).toList();
      boolean withPayload = reads.get(0).withPayload();
      Map<String, FoundRow> free =
          withPayload
              ? RowReads.freeWithPayload(session.connection(), ids)
              : RowReads.freeWithoutPayload(session.connection(), ids);
      for (RowRequest.Read read : reads) {
        FoundRow row = free.get(read.id());
        if (row == null) {
          answerNotFree(read, trouble.one(read.id()));
        } else {
          answer(read, Optional.of(row));
        }
      }
    } catch (SQLException e) {
      trouble.oneByOne(reads, e, this::readAlike);
    }
  }

  private void answerNotFree(RowRequest.Read read, Found found) {
    boolean isFreeNow = found instanceof Found.Row;
    if (found instanceof Found.Locked || (isFreeNow && read.withPayload())) {
      trouble.putOff(read, read.id(), "somebody else holds its row");
      return;
    }
    answer(read, stateOf(found).map(FoundRow::withoutPayload));
  }

  private void answer(RowRequest.Read read, Optional<FoundRow> row) {
    board.close(read);
    read.answer().accept(row);
  }

  static Optional<RowState> stateOf(Found found) {
    return found instanceof Found.Row row ? Optional.of(row.state()) : Optional.empty();
  }
}
