package io.sluice.relay.binlog;

import io.debezium.relational.history.HistoryRecord;
import io.debezium.relational.history.HistoryRecordComparator;

/**
 * Leaves out of a history what the engine is going to read again.
 *
 * <p>An entry bears the transactions that were complete before its statement. Where an engine
 * starts behind just these, it reads the statement again; the history's own comparison would apply
 * it before as well. Once more is too often for a statement that renames tables or columns.
 */
final class UnreadEntries extends HistoryRecordComparator {

  private static final String GTID_SET = "gtids";

  private final HistoryRecordComparator places;

  UnreadEntries(HistoryRecordComparator places) {
    this.places = places;
  }

  @Override
  public boolean isAtOrBefore(HistoryRecord entry, HistoryRecord start) {
    return places.isAtOrBefore(entry, start) && !isReadAgain(entry, start);
  }

  /**
   * The first entry is no statement of the binary log. Without GTIDs an entry's place is its end.
   */
  private boolean isReadAgain(HistoryRecord entry, HistoryRecord start) {
    return entry.document().has(HistoryRecord.Fields.TABLE_CHANGES)
        && start.document().getDocument(HistoryRecord.Fields.POSITION).has(GTID_SET)
        && places.isAtOrBefore(start, entry);
  }
}
