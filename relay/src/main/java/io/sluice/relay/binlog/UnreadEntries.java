package io.sluice.relay.binlog;

import io.debezium.relational.history.HistoryRecord;
import io.debezium.relational.history.HistoryRecordComparator;

/**
 * Excludes entries of a history that the engine will read again.
 *
 * <p>The GTID set of an entry contains the transactions before its statement. An engine that starts
 * with exactly this set reads the statement again, but the default comparison would also apply it
 * during recovery. A statement that renames tables or columns must not be applied twice.
 */
final class UnreadEntries extends HistoryRecordComparator {

  private static final String GTID_SET = "gtids";

  private final HistoryRecordComparator positions;

  UnreadEntries(HistoryRecordComparator positions) {
    this.positions = positions;
  }

  @Override
  public boolean isAtOrBefore(HistoryRecord entry, HistoryRecord start) {
    return positions.isAtOrBefore(entry, start) && !isReadAgain(entry, start);
  }

  /**
   * The first entry is not a statement from the binlog, so it is not read again. Without GTIDs the
   * position of an entry is after its statement.
   */
  private boolean isReadAgain(HistoryRecord entry, HistoryRecord start) {
    return entry.document().has(HistoryRecord.Fields.DDL_STATEMENTS)
        && start.document().getDocument(HistoryRecord.Fields.POSITION).has(GTID_SET)
        && positions.isAtOrBefore(start, entry);
  }
}
