package io.sluice.handlers.internal.desk;

import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.table.RowReads;
import io.sluice.handlers.internal.table.RowReads.Found;
import io.sluice.handlers.internal.table.RowRefusal;
import io.sluice.handlers.internal.table.RowWrites;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to it that a row with which nothing can be done holds up no other. */
final class RowTrouble {

  private static final Logger LOG = LoggerFactory.getLogger(RowTrouble.class);

  /** A refusal is told only after so many: most pass within milliseconds. */
  private static final int TELL_AT = 8;

  private final ShardId shard;
  private final DeskSession session;
  private final DeskBoard board;
  private final InstantSource clock;

  RowTrouble(ShardId shard, DeskSession session, DeskBoard board, InstantSource clock) {
    this.shard = shard;
    this.session = session;
    this.board = board;
    this.clock = clock;
  }

  /** What is tried again with fewer. */
  interface Statement<R> {
    void run(List<R> requests) throws SQLException;
  }

  Found one(String id) throws SQLException {
    return RowReads.one(session.connection(), id);
  }

  /** Finds those whose rows the statement failed for, puts them off, and serves the others. */
  <R extends RowRequest> void oneByOne(List<R> requests, SQLException cause, Statement<R> statement)
      throws SQLException {
    session.recover(cause);
    RowRefusal refusal = RowRefusal.of(cause);
    if (refusal == RowRefusal.NONE || refusal == RowRefusal.READ_ONLY) {
      throw cause;
    }
    if (refusal == RowRefusal.UNKNOWN) {
      tryNobodys();
    }
    if (requests.size() == 1) {
      putOff(requests.get(0), cause.toString());
      return;
    }
    for (R request : requests) {
      if (board.isOpen(request)) {
        statement.run(List.of(request));
      }
    }
  }

  /** Fails where the shard refuses whatever is asked of it. */
  void tryNobodys() throws SQLException {
    RowReads.nobodys(session.connection());
    RowWrites.nobodys(session.connection());
  }

  private void putOff(RowRequest request, String reason) {
    putOff(request, idOf(request), reason);
  }

  private static String idOf(RowRequest request) {
    if (request instanceof RowRequest.Read read) {
      return read.id();
    }
    if (request instanceof RowRequest.Write write) {
      return write.id();
    }
    if (request instanceof RowRequest.Confirm confirm) {
      return confirm.id();
    }
    return request instanceof RowRequest.Park park ? park.id() : "";
  }

  void putOff(RowRequest request, String id, String reason) {
    if (board.putOff(request, clock.instant()) == TELL_AT) {
      LOG.warn(
          "event {} of shard '{}' waits for its row: {}: it is tried again until that has passed",
          id,
          shard,
          reason);
    }
  }
}
