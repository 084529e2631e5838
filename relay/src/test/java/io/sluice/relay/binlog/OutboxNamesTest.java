package io.sluice.relay.binlog;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class OutboxNamesTest {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE outbox_events ADD COLUMN a INT",
        "/* gh-ost */ alter\ttable `outbox_events` drop column a",
        "-- by hand\nRENAME TABLE a TO b",
        "rename tables a to b",
        "DROP TABLE IF EXISTS outbox_events",
        "CREATE TEMPORARY TABLE outbox_events (id INT)",
        "/*!50100 ALTER TABLE outbox_events REMOVE PARTITIONING */"
      })
  void mayChangeATable(String statement) {
    assertTrue(OutboxNames.mayChangeTable(statement));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX i ON outbox_events (aggregate_id)",
        "/* late */ DROP INDEX i ON outbox_events",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM outbox_events",
        "CREATE VIEW alter_table AS SELECT * FROM outbox_events",
        "GRANT SELECT ON trading.outbox_events TO reader"
      })
  void onlyNamesATable(String statement) {
    assertFalse(OutboxNames.mayChangeTable(statement));
  }
}
