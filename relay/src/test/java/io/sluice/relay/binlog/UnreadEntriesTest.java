package io.sluice.relay.binlog;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.debezium.connector.mysql.gtid.MySqlGtidSetFactory;
import io.debezium.connector.mysql.history.MySqlHistoryRecordComparator;
import io.debezium.document.DocumentReader;
import io.debezium.relational.history.HistoryRecord;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Uses the connector's own comparison of positions. */
class UnreadEntriesTest {

  private static final String SERVER = "cf56025b-e7e5-11f1-bd2f-0242ac110005";

  private final UnreadEntries entries =
      new UnreadEntries(new MySqlHistoryRecordComparator(gtid -> true, new MySqlGtidSetFactory()));

  @Test
  void aStatementBeforeTheStartIsApplied() throws IOException {
    assertTrue(entries.isAtOrBefore(statement(gtids(6), 400), position(gtids(7), 500)));
  }

  @Test
  void aStatementAfterTheStartIsNotApplied() throws IOException {
    assertFalse(entries.isAtOrBefore(statement(gtids(8), 600), position(gtids(7), 500)));
  }

  /**
   * The GTID set of the entry contains the transactions before it and equals the starting offset.
   */
  @Test
  void aStatementThatIsReadAgainIsNotApplied() throws IOException {
    assertFalse(entries.isAtOrBefore(statement(gtids(7), 500), position(gtids(7), 500)));
  }

  @Test
  void theFirstEntryIsApplied() throws IOException {
    assertTrue(entries.isAtOrBefore(position(gtids(7), 500), position(gtids(7), 500)));
  }

  @Test
  void withoutGtidsAStatementAtTheStartIsApplied() throws IOException {
    assertTrue(entries.isAtOrBefore(statement("", 500), position("", 500)));
  }

  private static String gtids(int last) {
    return ",\"gtids\":\"%s:1-%d\"".formatted(SERVER, last);
  }

  private static HistoryRecord position(String gtids, int position) throws IOException {
    return record(gtids, position, "");
  }

  private static HistoryRecord statement(String gtids, int position) throws IOException {
    return record(gtids, position, ",\"ddl\":\"ALTER TABLE t\",\"tableChanges\":[]");
  }

  private static HistoryRecord record(String gtids, int position, String rest) throws IOException {
    return new HistoryRecord(
        DocumentReader.defaultReader()
            .read(
                "{\"source\":{\"server\":\"orders\"},\"position\":{\"file\":\"binlog.000001\",\"pos\":%d%s}%s}"
                    .formatted(position, gtids, rest)));
  }
}
