package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveOutcome.Done;
import io.sluice.redrive.RedriveOutcome.Parked;
import io.sluice.repository.EventKey;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Which followers a failed event has, and in which order they are inserted. */
@SandboxTest
class ParkedIT {

  private static final ShardId SHARD = ShardId.of(0);

  private final Sandbox sandbox;
  private final Redrive redrive;
  private OutboxRows rows;

  ParkedIT(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    rows = OutboxRows.in(sandbox.database("zero"));
    redrive = new Redrive(ShardDataSources.of(Map.of(SHARD, rows.database().dataSource())));
  }

  @BeforeEach
  void makeTable() throws SQLException {
    rows = OutboxRows.in(rows.database());
  }

  private static EventKey key(String id) {
    return new EventKey(SHARD, id);
  }

  private InsertedIds insertions() throws SQLException {
    return InsertedIds.fromNow(sandbox.mysql(), rows.database());
  }

  /** Event 20 with its followers, and rows that resemble followers but are not. */
  private void writeAll() throws SQLException {
    rows.pending("40", "7").parked("30", "7", "20").failed("20", "7").retry("35", "7");
    rows.parked("10", "7", "20"); // written by a machine whose clock is behind
    rows.parked("25", "7", "20").published("45", "7").failed("36", "7");
    rows.failed("50", "8").pending("60", "8").parked("70", "8", "50").pending("80", "7");
    rows.pending("90", "7").parked("95", "7", "36");
    rows.run("UPDATE outbox_events SET aggregate_type = 'basket' WHERE id = '80'");
    rows.run("UPDATE outbox_events SET domain = 'CHAT' WHERE id = '90'");
  }

  private static final List<String> OTHERS =
      List.of(
          "36 FAILED 3",
          "45 PUBLISHED 3",
          "50 FAILED 3",
          "60 PENDING 3",
          "70 FAILED 3",
          "80 PENDING 3",
          "90 PENDING 3",
          "95 FAILED 3");

  private List<String> states(String condition) throws SQLException {
    return rows.states().stream().filter(state -> state.matches(condition)).toList();
  }

  @Test
  void aRedriveIncludesTheFollowers() throws Exception {
    writeAll();
    InsertedIds inserted = insertions();

    assertEquals(new Done(5), redrive.redrive(key("20")));

    assertEquals(List.of("20", "10", "25", "30", "35", "40"), inserted.read());
    assertEquals(
        List.of(
            "10 PENDING 0 1",
            "20 PENDING 0 1",
            "25 PENDING 0 1",
            "30 PENDING 0 1",
            "35 PENDING 0 1",
            "40 PENDING 0 1"),
        states(".* 1"));
    assertEquals(OTHERS, states(".* 3"));
  }

  @Test
  void aDiscardReleasesParkedEvents() throws Exception {
    writeAll();
    InsertedIds inserted = insertions();

    assertEquals(new Done(5), redrive.discard(key("20")));

    assertEquals(List.of("10", "25", "30", "35", "40"), inserted.read());
    assertEquals(List.of(), states("20 .*"));
    assertEquals(OTHERS, states(".* 3"));
  }

  @Test
  void pendingEventsFollowEvenIfNoneIsParked() throws Exception {
    rows.failed("1", "7").pending("2", "7");
    InsertedIds inserted = insertions();

    assertEquals(new Done(1), redrive.redrive(key("1")));

    assertEquals(List.of("1", "2"), inserted.read());
  }

  @Test
  void aParkedEventIsNotRedrivenAlone() throws SQLException {
    writeAll();
    List<String> before = rows.states();
    Parked parked = new Parked(key("20"));

    assertEquals(parked, redrive.redrive(key("30")));
    assertEquals(parked, redrive.discard(key("30")));
    assertEquals("parked behind 20: redrive or discard 20", parked.reason());
    RedriveReport report =
        redrive.redrive(FailedEvents.where().ids(Set.of("30", "25", "95")).build());

    assertEquals(0, report.events());
    assertEquals(3, report.passedOver());
    assertEquals(
        Map.of("25", parked, "30", parked, "95", new Parked(key("36"))),
        Objects.requireNonNull(report.shards().get(SHARD)).examples());
    assertEquals(before, rows.states());
  }

  @Test
  void aParkedEventThatIsSelectedWithItsHeadFollowsIt() throws SQLException {
    writeAll();

    RedriveReport report = redrive.redrive(FailedEvents.where().ids(Set.of("30", "20")).build());

    assertEquals(1, report.events());
    assertEquals(5, report.followers());
    assertEquals(0, report.passedOver());
  }

  @Test
  void aSelectionFindsHeadsAndKeepsTheOrderOfIds() throws Exception {
    rows.failed("1", "7").parked("2", "7", "1").pending("3", "7");
    rows.failed("4", "7").parked("5", "7", "4").failed("6", "8");
    InsertedIds inserted = insertions();

    RedriveReport report = redrive.redrive(FailedEvents.all());

    assertEquals(3, report.events());
    assertEquals(3, report.followers());
    assertEquals(List.of("1", "2", "3", "4", "5", "6"), inserted.read());
  }

  /** The head may have been cleaned up, or redriven with SQL. */
  @Test
  void anEventParkedBehindNoFailedEventIsRedriven() throws Exception {
    rows.parked("2", "7", "gone").parked("3", "7", "gone").published("4", "8");
    rows.parked("5", "8", "4").parked("6", "7", "gone").pending("7", "7");
    InsertedIds inserted = insertions();

    assertEquals(new Done(3), redrive.redrive(key("2")));
    assertEquals(1, redrive.redrive(FailedEvents.all()).events());

    assertEquals(List.of("2", "3", "6", "7", "5"), inserted.read());
    rows.run("UPDATE outbox_events SET status = 'FAILED', last_error = 'parked behind gone'");
    assertEquals(5, redrive.redrive(FailedEvents.where().errorContains("gone").build()).events());
  }

  private Redrive intercepted(Intercepted.Listener listener) {
    return new Redrive(
        ShardDataSources.of(
            Map.of(SHARD, Intercepted.source(rows.database().dataSource(), listener))));
  }

  @Test
  void eventsCommittedMeanwhileFollow() throws Exception {
    rows.failed("1", "7");
    AtomicInteger insertions = new AtomicInteger();
    Redrive meanwhile =
        intercepted(
            (sql, connection) -> {
              if (sql.startsWith("INSERT") && insertions.incrementAndGet() == 1) {
                rows.pending("3", "7").parked("2", "7", "1").pending("4", "8");
              }
            });

    assertEquals(new Done(2), meanwhile.redrive(key("1")));

    assertEquals(
        List.of("1 PENDING 0 1", "2 PENDING 0 1", "3 PENDING 0 1", "4 PENDING 3"), rows.states());
  }

  @Test
  void anAggregateThatIsWrittenContinuouslyIsBusy() throws Exception {
    rows.failed("01", "7");
    AtomicInteger insertions = new AtomicInteger(10);
    Redrive meanwhile =
        intercepted(
            (sql, connection) -> {
              if (sql.startsWith("INSERT") && insertions.incrementAndGet() < 60) {
                rows.pending(insertions.toString(), "7");
              }
            });

    assertEquals(new Busy(), meanwhile.redrive(key("01")));

    assertEquals(List.of("01 FAILED 3"), states("01 .*"));
    assertEquals(List.of(), states(".* 1"));
  }

  @Test
  void eventsFinishedMeanwhileAreNotChanged() throws Exception {
    rows.failed("1", "7").pending("2", "7").pending("3", "7").parked("4", "7", "1");
    Redrive meanwhile =
        intercepted(
            (sql, connection) -> {
              if (sql.endsWith("FOR UPDATE NOWAIT\n")) {
                rows.run(
                    """
                    UPDATE outbox_events SET status = 'PUBLISHED', published_at = UTC_TIMESTAMP(6)
                    WHERE id = '2';
                    UPDATE outbox_events SET status = 'FAILED', last_error = 'e' WHERE id = '3'""");
              }
            });

    assertEquals(new Done(1), meanwhile.redrive(key("1")));

    assertEquals(
        List.of("1 PENDING 0 1", "2 PUBLISHED 3", "3 FAILED 3", "4 PENDING 0 1"), rows.states());
  }

  /** The column's collation may ignore case, but the record key does not. */
  @Test
  void aggregatesThatDifferInCaseAreDifferent() throws Exception {
    rows.run(
        "ALTER TABLE outbox_events MODIFY aggregate_id VARCHAR(255) COLLATE utf8mb4_0900_ai_ci");
    rows.failed("1", "a").pending("2", "A").pending("3", "a");

    assertEquals(new Done(1), redrive.redrive(key("1")));

    assertEquals(List.of("1 PENDING 0 1", "2 PENDING 3", "3 PENDING 0 1"), rows.states());
  }
}
