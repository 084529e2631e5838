package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import io.sluice.relay.RelayFixture;
import io.sluice.relay.TestTimings;
import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.RowReads;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.reconcile.UnfinishedRows.Page;
import io.sluice.relay.reconcile.UnfinishedRows.Range;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class UnfinishedRowsIT {

  private static final String LONG_AGO = "UTC_TIMESTAMP(6) - INTERVAL 2 DAY";
  private static final String NOW = "UTC_TIMESTAMP(6)";
  private static final int PAGE = 100;
  private static final ShardId S0 = ShardId.of("s0");

  /** A gap of two hours around the present. */
  private static ReconcileWindow gap() {
    Instant now = Instant.now();
    return ReconcileWindow.of(new ReconcileGap(S0, Optional.of(now), now, "test"));
  }

  private final KeptConnection kept = new KeptConnection();

  @AfterEach
  void close() {
    kept.close();
  }

  private static TableAccess table(RelayFixture fixture) {
    return TableAccess.maintained(fixture.source(0)).get(0);
  }

  private UnfinishedRows rows(RelayFixture fixture) {
    return new UnfinishedRows(table(fixture), kept);
  }

  private Page read(RelayFixture fixture, ReconcileWindow window, Optional<Range> read)
      throws SQLException {
    UnfinishedRows rows = rows(fixture);
    String last = rows.end();
    Range range = new Range("PENDING", read.map(Range::upTo).orElse(""), last);
    return rows.read(range, window, PAGE);
  }

  @Test
  void readsOnlyOnePageHoweverManyRowsAreOutsideOfTheGap(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "bounded", 1);
    RowReads.insert(fixture, "done", 5_000, "PUBLISHED", LONG_AGO);
    RowReads.insert(fixture, "old", 3_000, "PENDING", LONG_AGO);
    RowReads.insert(fixture, "out", 1, "PENDING", NOW);
    fixture.database(0).run("ANALYZE TABLE outbox_events");
    ReconcileWindow gap = gap();

    read(fixture, gap, Optional.empty());
    Optional<Range> after = Optional.empty();
    int pages = 0;
    Page[] page = new Page[1];
    do {
      Optional<Range> from = after;
      long reads = RowReads.of(kept.to(table(fixture)), () -> page[0] = read(fixture, gap, from));
      assertTrue(reads <= 3 * PAGE, reads + " rows read for a page");
      after = page[0].read();
      pages++;
    } while (page[0].rows() == PAGE);

    assertEquals(31, pages);
    assertEquals("out-00001", page[0].candidates().get(0).event().id());
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
    ReconcileWindow gap = gap();

    assertEquals(
        List.of("old-00002"),
        read(fixture, gap, Optional.empty()).candidates().stream()
            .map(row -> row.event().id())
            .toList());
  }

  @Test
  void rowsThatAreTooYoungAreReadLater(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "settled", 1);
    RowReads.insert(fixture, "a", 3, "PENDING", LONG_AGO);
    RowReads.insert(fixture, "b", PAGE / 2, "PENDING", NOW);
    ReconcileWindow settled = ReconcileWindow.settled(Duration.ofMinutes(10));

    Page first = read(fixture, settled, Optional.empty());
    assertEquals(3, first.candidates().size());
    assertEquals(Optional.of("a-00003"), first.read().map(Range::upTo));

    Page second = read(fixture, settled, first.read());
    assertEquals(0, second.candidates().size());
    assertEquals(Optional.empty(), second.read());
  }

  @Test
  void youngRowsHideNoOlderOnesIfIdsDoNotFollowTheTime(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "random", 1);
    RowReads.insert(fixture, "a", PAGE, "PENDING", NOW);
    RowReads.insert(fixture, "b", 1, "PENDING", LONG_AGO);
    ReconcileWindow settled = ReconcileWindow.settled(Duration.ofMinutes(10));

    Page first = read(fixture, settled, Optional.empty());
    Page second = read(fixture, settled, first.read());

    assertEquals(0, first.candidates().size());
    assertEquals(1, second.candidates().size());
  }

  @Test
  void aTimeInTheFutureBlocksNoOtherRow(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "ahead", 1);
    RowReads.insert(fixture, "a", PAGE, "PENDING", "UTC_TIMESTAMP(6) + INTERVAL 9 YEAR");
    RowReads.insert(fixture, "b", 1, "PENDING", LONG_AGO);
    ReconcileWindow settled = ReconcileWindow.settled(Duration.ofMinutes(10));

    Page first = read(fixture, settled, Optional.empty());
    Page second = read(fixture, settled, first.read());

    assertEquals(1, second.candidates().size());
  }

  @Test
  void aPassEndsWhileRowsAreInserted(Sandbox sandbox) throws Exception {
    RelayFixture fixture = new RelayFixture(sandbox, "busy", 1);
    RowReads.insert(fixture, "a", 150, "PENDING", NOW);
    UnfinishedRows rows = rows(fixture);
    ReconcileGap gap = new ReconcileGap(S0, Optional.empty(), Instant.now(), "test");
    ReconcilePass pass = ReconcilePass.of(gap, TestTimings.RECONCILE);

    pass.resume(rows.end());
    int read = 0;
    for (char later = 'b'; pass.unread().isPresent(); later++) {
      Page page = rows.read(pass.unread().orElseThrow(), ReconcileWindow.of(gap), PAGE);
      read += page.rows();
      page.read().ifPresentOrElse(pass::looksUp, () -> pass.skip(page));
      RowReads.insert(fixture, String.valueOf(later), PAGE, "PENDING", NOW);
      assertTrue(read <= 150, read + " rows read of a pass that had 150");
    }
    assertEquals(150, read);
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
