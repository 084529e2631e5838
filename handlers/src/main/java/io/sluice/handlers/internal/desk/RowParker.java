package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import io.sluice.handlers.internal.table.RowWrites;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ParkedBehind;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Parks events behind one that failed. Owned by the desk's thread. */
final class RowParker {

  private final DeskSession session;
  private final DeskBoard board;
  private final RowTrouble trouble;

  RowParker(DeskSession session, DeskBoard board, RowTrouble trouble) {
    this.session = session;
    this.board = board;
    this.trouble = trouble;
  }

  /** The head is held while it is decided: a redrive of it comes either before or after. */
  void park(RowRequest.Park park) throws SQLException {
    RowRequest.ParkAnswer answer;
    try {
      session.begin();
      Found head = trouble.one(park.head());
      if (head instanceof Found.Locked) {
        session.commit();
        trouble.putOff(park, park.id(), "somebody else holds the row of event " + park.head());
        return;
      }
      answer = parkBehind(park, RowReader.stateOf(head));
      session.commit();
    } catch (SQLException e) {
      trouble.oneByOne(List.of(park), e, only -> {});
      return;
    }
    board.close(park);
    park.answer().accept(answer);
  }

  private RowRequest.ParkAnswer parkBehind(RowRequest.Park park, Optional<RowState> head)
      throws SQLException {
    if (head.isEmpty() || head.get().status() == OutboxStatus.PUBLISHED) {
      return new RowRequest.ParkAnswer.HeadDone();
    }
    if (head.get().status() != OutboxStatus.FAILED) {
      return new RowRequest.ParkAnswer.HeadUnderWay();
    }
    // All are parked behind the one that failed, not in a chain, for a redrive to find them.
    String lastError =
        head.get().parked().orElseGet(() -> new ParkedBehind(park.head())).lastError();
    RowWrites.park(session.connection(), park.id(), lastError, Instant.now());
    Map<String, RowState> row = RowReads.locking(session.connection(), List.of(park.id()));
    return new RowRequest.ParkAnswer.Behind(Optional.ofNullable(row.get(park.id())));
  }
}
