package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TestTimings;
import io.sluice.relay.mysql.RowReads;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.state.WorkItem.SweepGap;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

@SandboxTest
class SweepPageIT {

  private static final String LONG_AGO = "UTC_TIMESTAMP(6) - INTERVAL 2 DAY";
  private static final String NOW = "UTC_TIMESTAMP(6)";
  private static final int PAGE = 100;

  private static SweepPage.Read read(
      RelayFixture fixture, Connection connection, SweepWindow window, Optional<String> after)
      throws SQLException {
    SweepPage pages = new SweepPage(fixture.source(0).tables().get(0));
    String last = pages.last(connection, "PENDING").orElseThrow();
    return pages.read(connection, "PENDING", window, new SweepPage.Range(after, last), PAGE);
  }

  @Test
  void readsOnlyOnePageHoweverManyRowsAreOutsideOfTheGap(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "bounded", 1);
    RowReads.insert(fixture, "done", 5_000, "PUBLISHED", LONG_AGO);
    RowReads.insert(fixture, "old", 3_000, "PENDING", LONG_AGO);
    RowReads.insert(fixture, "out", 1, "PENDING", NOW);
    fixture.database(0).run("ANALYZE TABLE outbox_events");
    Instant now = Instant.now();
    SweepWindow gap =
        new SweepWindow(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)), true);

    try (Connection connection = fixture.connect(0)) {
      Optional<String> after = Optional.empty();
      int pages = 0;
      SweepPage.Read[] page = new SweepPage.Read[1];
      do {
        Optional<String> from = after;
        long reads = RowReads.of(connection, () -> page[0] = read(fixture, connection, gap, from));
        assertTrue(reads <= 3 * PAGE, reads + " rows read for a page");
        after = page[0].last();
        pages++;
      } while (page[0].rows() == PAGE);

      assertEquals(31, pages);
      assertEquals("out-00001", page[0].candidates().get(0).event().id());
    }
  }

  /** A redrive keeps the event's created_at, which may be long before the gap. */
  @Test
  void anOldEventInsertedInAGapBelongsToIt(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "redriven", 1);
    RowReads.insert(fixture, "old", 2, "PENDING", LONG_AGO);
    fixture
        .database(0)
        .run(
            """
            UPDATE outbox_events SET updated_at = UTC_TIMESTAMP(6),
              headers = JSON_OBJECT('outbox-redrive', '1') WHERE id = 'old-00002'\
            """);
    Instant now = Instant.now();
    SweepWindow gap =
        new SweepWindow(now.minus(Duration.ofHours(1)), now.plus(Duration.ofHours(1)), true);

    try (Connection connection = fixture.connect(0)) {
      assertEquals(
          List.of("old-00002"),
          read(fixture, connection, gap, Optional.empty()).candidates().stream()
              .map(row -> row.event().id())
              .toList());
    }
  }

  @Test
  void rowsThatAreTooYoungAreReadLater(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "settled", 1);
    RowReads.insert(fixture, "a", 3, "PENDING", LONG_AGO);
    RowReads.insert(fixture, "b", 200, "PENDING", NOW);
    SweepWindow settled = SweepWindow.settled(Duration.ofMinutes(10));

    try (Connection connection = fixture.connect(0)) {
      SweepPage.Read first = read(fixture, connection, settled, Optional.empty());
      assertEquals(3, first.candidates().size());
      assertEquals(Optional.of("a-00003"), first.last());

      SweepPage.Read second = read(fixture, connection, settled, first.last());
      assertEquals(0, second.candidates().size());
      assertEquals(Optional.empty(), second.last());
    }
  }

  @Test
  void aTimeInTheFutureBlocksNoOtherRow(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "ahead", 1);
    RowReads.insert(fixture, "a", PAGE, "PENDING", "UTC_TIMESTAMP(6) + INTERVAL 9 YEAR");
    RowReads.insert(fixture, "b", 1, "PENDING", LONG_AGO);
    SweepWindow settled = SweepWindow.settled(Duration.ofMinutes(10));

    try (Connection connection = fixture.connect(0)) {
      SweepPage.Read first = read(fixture, connection, settled, Optional.empty());
      SweepPage.Read second = read(fixture, connection, settled, first.last());

      assertEquals(1, second.candidates().size());
    }
  }

  @Test
  void aPassEndsWhileRowsAreInserted(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "busy", 1);
    RowReads.insert(fixture, "a", 150, "PENDING", NOW);
    SweepPage pages = new SweepPage(fixture.source(0).tables().get(0));
    SweepGap gap = new SweepGap(ShardId.of("s0"), Optional.empty(), Instant.now(), "test");
    SweepPass pass = SweepPass.of(gap, TestTimings.RECONCILE);

    try (Connection connection = fixture.connect(0)) {
      pass.resume(status -> pages.last(connection, status));
      int rows = 0;
      for (char later = 'b'; pass.unread("PENDING").isPresent(); later++) {
        SweepPage.Read page =
            pages.read(
                connection,
                "PENDING",
                SweepWindow.of(gap),
                pass.unread("PENDING").orElseThrow(),
                PAGE);
        rows += page.rows();
        pass.read("PENDING", page.last().orElseThrow());
        RowReads.insert(fixture, String.valueOf(later), PAGE, "PENDING", NOW);
        assertTrue(rows <= 150, rows + " rows read of a pass that had 150");
      }
      assertEquals(150, rows);
      assertEquals(Optional.empty(), pass.unread("RETRY"));
    }
  }

  @Test
  void withAnotherPrimaryKeyTheStatusIndexIsNotUsed(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "other_key", 1);
    try (Connection connection = fixture.connect(0)) {
      assertTrue(index(fixture, connection).startsWith(" FORCE INDEX"));
    }
    fixture
        .database(0)
        .run(
            """
            ALTER TABLE outbox_events DROP PRIMARY KEY, ADD UNIQUE by_id (id),
              ADD number BIGINT AUTO_INCREMENT PRIMARY KEY\
            """);

    try (Connection connection = fixture.connect(0)) {
      assertEquals("", index(fixture, connection));
    }
  }

  private static String index(RelayFixture fixture, Connection connection) throws SQLException {
    return TableIndex.inQuery(
        connection,
        fixture.source(0).tables().get(0),
        OutboxTable.STATUS,
        OutboxTable.PUBLISHED_AT,
        OutboxTable.ID);
  }
}
