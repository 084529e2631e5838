package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowRequest.Confirmation;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Tells rows that are gone, or stand as they did before a redrive, from those that this server has
 * not got yet. Owned by the desk's thread.
 */
final class RowAbsence {

  private final DeskSession session;
  private final DeskBoard board;
  private final RowTrouble trouble;

  RowAbsence(DeskSession session, DeskBoard board, RowTrouble trouble) {
    this.session = session;
    this.board = board;
    this.trouble = trouble;
  }

  /** In a transaction, which a proxy that splits reads from writes sends to the primary. */
  void confirm(RowRequest.Confirm confirm) throws SQLException {
    Optional<String> doubt;
    Found found;
    try {
      session.begin();
      // In this order: what the server has executed by then, the look at the row sees.
      doubt = RowReads.doubtOfAbsence(session.connection(), confirm.transaction());
      found = trouble.one(confirm.id());
      session.commit();
    } catch (SQLException e) {
      trouble.oneByOne(List.of(confirm), e, only -> {});
      return;
    }
    if (found instanceof Found.Locked) {
      trouble.putOff(confirm, confirm.id(), "somebody else holds its row");
      return;
    }
    board.close(confirm);
    confirm.answer().accept(confirmation(RowReader.stateOf(found), confirm.redrives(), doubt));
  }

  private static Confirmation confirmation(
      Optional<RowState> row, int redrives, Optional<String> doubt) {
    boolean isExpected = row.filter(state -> state.redrives() >= redrives).isPresent();
    return isExpected || doubt.isEmpty()
        ? new Confirmation.Certain(row)
        : new Confirmation.Doubtful(doubt.get());
  }
}
