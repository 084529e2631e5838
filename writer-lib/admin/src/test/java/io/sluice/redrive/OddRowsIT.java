package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Done;
import io.sluice.redrive.RedriveOutcome.NotFailed;
import io.sluice.redrive.RedrivePreview.EventKind;
import io.sluice.repository.EventKey;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redrives and discards rows that are not valid events. */
@SandboxTest
class OddRowsIT {

  private static final ShardId SHARD = ShardId.of(0);
  private static final FailedEvents ALL = FailedEvents.all();

  private final Redrive redrive;
  private OutboxRows rows;

  OddRowsIT(Sandbox sandbox) throws SQLException {
    rows = OutboxRows.in(sandbox.database("zero"));
    redrive = new Redrive(ShardDataSources.of(Map.of(SHARD, rows.database().dataSource())));
  }

  /** MySQL treats {@code 'FAILED '} as equal to {@code 'FAILED'}. */
  @BeforeEach
  void makeTable() throws SQLException {
    rows = OutboxRows.in(rows.database());
    rows.failed("1", "a").failed("2", "b").failed("3", "c").parked("4", "c", "3").retry("5", "c");
    rows.published("6", "a").pending("7", "a");
    rows.run(
        """
        UPDATE outbox_events SET domain = 'no domain' WHERE id = '2';
        UPDATE outbox_events SET status = 'FAILED ' WHERE id IN ('3', '4');
        UPDATE outbox_events SET status = 'RETRY ' WHERE id = '5';
        UPDATE outbox_events SET status = 'HELD' WHERE id = '6'""");
  }

  private static EventKey key(String id) {
    return new EventKey(SHARD, id);
  }

  @Test
  void theyAreCountedAndRedrivenLikeOthers() throws SQLException {
    ShardPreview preview =
        Objects.requireNonNull(redrive.preview(ALL).shards().get(SHARD), "preview");
    assertEquals(
        Map.of(
            new EventKind("PORTFOLIO", "order_created"), 2L,
            new EventKind("no domain", "order_created"), 1L),
        preview.events());
    assertEquals(1, preview.parked());
    assertEquals(2, preview.unfinished());

    RedriveReport report = redrive.redrive(ALL);

    assertEquals(Map.of(), report.failures());
    assertEquals(3, report.events());
    assertEquals(3, report.followers());
    assertEquals(
        List.of(
            "1 PENDING 0 1",
            "2 PENDING 0 1",
            "3 PENDING 0 1",
            "4 PENDING 0 1",
            "5 PENDING 0 1",
            "6 HELD 3",
            "7 PENDING 0 1"),
        rows.states());
  }

  /** A session in another time zone may have made the row FAILED. */
  @Test
  void aTimeAheadOfTheClockHidesNoRow() throws SQLException {
    rows.run(
        "UPDATE outbox_events SET updated_at = UTC_TIMESTAMP(6) + INTERVAL 8 HOUR WHERE id = '2'");

    assertEquals(3, redrive.redrive(ALL).events());

    assertEquals("2 PENDING 0 1", rows.states().get(1));
  }

  @Test
  void theyAreDiscardedLikeOthers() throws SQLException {
    assertEquals(new Done(0), redrive.discard(key("2")));
    assertEquals(2, redrive.discard(ALL).events());

    assertEquals(
        List.of("4 PENDING 0 1", "5 PENDING 0 1", "6 HELD 3", "7 PENDING 3"), rows.states());
  }

  @Test
  void anUnknownStatusIsReported() throws SQLException {
    assertEquals(new NotFailed("HELD"), redrive.redrive(key("6")));
    assertEquals(new NotFailed("HELD"), redrive.discard(key("6")));
    RedriveReport report = redrive.redrive(FailedEvents.where().ids(Set.of("1", "6")).build());

    assertEquals(1, report.events());
    assertEquals(
        Map.of("6", new NotFailed("HELD")),
        Objects.requireNonNull(report.shards().get(SHARD)).examples());
    assertEquals("6 HELD 3", rows.states().get(5));
  }
}
