package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowRequest.Absence;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/**
 * Tells rows that are gone from those that this server has not got yet. Owned by the desk's thread.
 */
final class RowAbsence {

  /** So often it is made sure, in a quarter of a second. */
  private static final int LOOKS = 6;

  private final DeskSession session;
  private final DeskBoard board;
  private final RowTrouble trouble;

  RowAbsence(DeskSession session, DeskBoard board, RowTrouble trouble) {
    this.session = session;
    this.board = board;
    this.trouble = trouble;
  }

  /** In a transaction, which a proxy that splits reads from writes sends to the primary. */
  void confirm(RowRequest.Missing missing) throws SQLException {
    Optional<String> doubt;
    Found found;
    try {
      session.begin();
      // In this order: what the server has executed by then, the look at the row sees.
      doubt = RowReads.doubtOfAbsence(session.connection(), missing.transaction());
      found = trouble.one(missing.id());
      session.commit();
    } catch (SQLException e) {
      trouble.oneByOne(List.of(missing), e, only -> {});
      return;
    }
    boolean isThere = !(found instanceof Found.Gone);
    if (isThere && board.timesPutOff(missing) < LOOKS) {
      // Whoever is told reads it again at once, perhaps where it is missing still.
      trouble.putOff(missing, missing.id(), "it is not there for all who look");
      return;
    }
    board.close(missing);
    missing.answer().accept(isThere ? new Absence.There() : gone(doubt));
  }

  private static Absence gone(Optional<String> doubt) {
    return doubt.<Absence>map(Absence.Doubtful::new).orElseGet(Absence.Certain::new);
  }
}
