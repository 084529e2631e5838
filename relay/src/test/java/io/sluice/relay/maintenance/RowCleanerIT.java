package io.sluice.relay.maintenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.RelayFixture;
import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.RowReads;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class RowCleanerIT {

  private static final String LONG_AGO = "UTC_TIMESTAMP(6) - INTERVAL 2 DAY";
  private static final String NOW = "UTC_TIMESTAMP(6)";
  private static final int BATCH = 50;
  private static final Duration RETENTION = Duration.ofDays(1);

  private final KeptConnection kept = new KeptConnection();
  private final ShardStatistics statistics = new ShardStatistics();

  @AfterEach
  void close() {
    kept.close();
  }

  private static TableAccess table(RelayFixture fixture) {
    return TableAccess.maintained(fixture.source(0)).get(0);
  }

  private RowCleaner cleaner(RelayFixture fixture) {
    return new RowCleaner(table(fixture), kept, statistics);
  }

  @Test
  void aStepOverFailedRowsReadsOnlyOnePage(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "young", 1);
    RowReads.insert(fixture, "young", 3_000, "FAILED", NOW);
    fixture.database(0).run("ANALYZE TABLE outbox_events");
    RowCleaner cleaner = cleaner(fixture);

    assertEquals(BATCH, cleaner.removeFailed(RETENTION, BATCH));
    for (int step = 0; step < 3; step++) {
      long reads =
          RowReads.of(
              kept.to(table(fixture)),
              () -> assertEquals(BATCH, cleaner.removeFailed(RETENTION, BATCH)));
      assertTrue(reads <= 3 * BATCH, reads + " rows read in a step");
    }
  }

  @Test
  void removesOldFailedRowsAndSkipsLockedOnes(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "old", 1);
    RowReads.insert(fixture, "a", 120, "FAILED", LONG_AGO);
    RowReads.insert(fixture, "b", 30, "FAILED", NOW);
    RowReads.insert(fixture, "c", 10, "PENDING", LONG_AGO);
    RowCleaner cleaner = cleaner(fixture);

    try (Connection holder = fixture.connect(0);
        Statement statement = holder.createStatement()) {
      statement.execute("SELECT * FROM outbox_events WHERE id = 'a-00007' FOR UPDATE");
      while (!cleaner.removeFailed(RETENTION).equals(Duration.ofHours(1))) {
        // reads the next rows
      }
    }

    String left = "SELECT GROUP_CONCAT(DISTINCT LEFT(id, 1)), COUNT(*) FROM outbox_events";
    assertEquals("a,b,c", fixture.text(0, left));
    assertEquals("41", fixture.text(0, "SELECT COUNT(*) FROM outbox_events"));
    cleaner.removeFailed(RETENTION);
    assertEquals("40", fixture.text(0, "SELECT COUNT(*) FROM outbox_events"));
  }

  /** Without the strict mode MySQL stores dates that do not exist. */
  @Test
  void aTimeThatIsNoDateDoesNotBlockOtherRows(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "dates", 1);
    RowReads.insert(fixture, "a", 3, "PUBLISHED", LONG_AGO);
    fixture
        .database(0)
        .run(
            "SET SESSION sql_mode = 'ALLOW_INVALID_DATES';"
                + " UPDATE outbox_events SET published_at = '2024-04-01';"
                + " UPDATE outbox_events SET published_at = '2024-04-31' WHERE id = 'a-00002'");

    cleaner(fixture).removePublished(RETENTION);
    assertEquals("0", fixture.text(0, "SELECT COUNT(*) FROM outbox_events"));
  }

  @Test
  void aLockedRowDoesNotBlockTheRemovalOfOthers(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "locked", 1);
    insertOld(fixture, "a", 120);
    RowCleaner cleaner = cleaner(fixture);

    try (Connection holder = fixture.connect(0);
        Statement statement = holder.createStatement()) {
      statement.execute("SELECT * FROM outbox_events WHERE id = 'a-00007' FOR UPDATE");
      removeAll(cleaner);
    }
    assertEquals("a-00007", fixture.text(0, "SELECT GROUP_CONCAT(id) FROM outbox_events"));
    assertEquals(119, statistics.count(Counter.CLEANED_ROWS));
  }

  /** Steps adapt to the server, and only one connection is opened for all of them. */
  @Test
  void manyRowsAreRemovedThroughOneConnection(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "many", 1);
    insertOld(fixture, "a", 3_000);
    RowReads.insert(fixture, "b", 10, "PUBLISHED", NOW);
    RowCleaner cleaner = cleaner(fixture);

    cleaner.removePublished(RETENTION);
    Connection first = kept.to(table(fixture));
    removeAll(cleaner);

    assertSame(first, kept.to(table(fixture)));
    assertEquals("10", fixture.text(0, "SELECT COUNT(*) FROM outbox_events"));
  }

  private static void insertOld(RelayFixture fixture, String prefix, int rows) throws SQLException {
    RowReads.insert(fixture, prefix, rows, "PUBLISHED", LONG_AGO);
    fixture.database(0).run("UPDATE outbox_events SET published_at = created_at");
  }

  private static void removeAll(RowCleaner cleaner) throws SQLException {
    while (!cleaner.removePublished(RETENTION).equals(Duration.ofMinutes(1))) {
      // removes the next rows
    }
  }
}
