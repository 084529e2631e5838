package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Busy;
import io.sluice.redrive.RedriveOutcome.NotFailed;
import io.sluice.redrive.RedriveOutcome.PassedOver;
import io.sluice.redrive.RedriveOutcome.Refused;
import io.sluice.redrive.RedriveReport.Ending;
import io.sluice.repository.EventKey;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Redrives many events: selection, transactions, and events that are passed over. */
@SandboxTest
class RedriveRunIT {

  private static final ShardId ZERO = ShardId.of(0);
  private static final ShardId ONE = ShardId.of(1);
  private static final ShardId BROKEN = ShardId.of("broken");

  private final ShardDataSources shards;
  private final Redrive redrive;
  private OutboxRows zero;
  private OutboxRows one;

  RedriveRunIT(Sandbox sandbox) throws SQLException {
    zero = OutboxRows.in(sandbox.database("zero"));
    one = OutboxRows.in(sandbox.database("one"));
    shards =
        ShardDataSources.of(
            Map.of(
                ZERO,
                zero.database().dataSource(),
                ONE,
                one.database().dataSource(),
                BROKEN,
                sandbox.database("broken").dataSource()));
    redrive = new Redrive(shards);
  }

  @BeforeEach
  void makeTables() throws SQLException {
    zero = OutboxRows.in(zero.database());
    one = OutboxRows.in(one.database());
  }

  private static FailedEvents ofZero() {
    return FailedEvents.where().shards(Set.of(ZERO)).build();
  }

  private static Map<String, PassedOver> examples(RedriveReport report) {
    return Objects.requireNonNull(report.shards().get(ZERO)).examples();
  }

  private void fail(int count) throws SQLException {
    for (int i = 1; i <= count; i++) {
      zero.failed("%03d".formatted(i), "order-" + i);
    }
  }

  @Test
  void aFailedShardDoesNotAffectTheOthers() throws SQLException {
    zero.failed("1", "a").failed("2", "b").published("3", "c");
    one.failed("1", "a").parked("4", "a", "1");

    RedriveReport report = redrive.redrive(FailedEvents.all());

    assertEquals(3, report.events());
    assertEquals(1, report.followers());
    assertEquals(Ending.SHARDS_FAILED, report.ending());
    assertEquals(Set.of(ZERO, ONE, BROKEN), report.shards().keySet());
    assertEquals(Set.of(BROKEN), report.failures().keySet());
    String message =
        String.valueOf(Objects.requireNonNull(report.failures().get(BROKEN)).getMessage());
    assertTrue(message.startsWith("redrive of shard 'broken' failed: "), message);
    assertTrue(message.contains("create the table"), message);
    assertEquals(List.of("1 PENDING 0 1", "2 PENDING 0 1", "3 PUBLISHED 3"), zero.states());
    assertEquals(List.of("1 PENDING 0 1", "4 PENDING 0 1"), one.states());
  }

  @Test
  void anUnknownShardIsRefusedBeforeAnythingIsChanged() throws SQLException {
    zero.failed("1", "a");
    FailedEvents chosen = FailedEvents.where().shards(Set.of(ZERO, ShardId.of(9))).build();

    assertThrows(IllegalArgumentException.class, () -> redrive.redrive(chosen));

    assertEquals(List.of("1 FAILED 3"), zero.states());
  }

  @Test
  void eachCriterionSelects() throws SQLException {
    fail(7);
    zero.run(
        """
        UPDATE outbox_events SET updated_at = '2026-01-01', created_at = '2026-01-01';
        UPDATE outbox_events SET domain = 'CHAT' WHERE id = '001';
        UPDATE outbox_events SET event_type = 'other' WHERE id = '002';
        UPDATE outbox_events SET last_error = 'x: 100% _\\\\ Timeout' WHERE id = '003';
        UPDATE outbox_events SET updated_at = '2026-01-02 00:00:00.000001' WHERE id = '004';
        UPDATE outbox_events SET updated_at = '2025-12-31' WHERE id = '005';
        UPDATE outbox_events SET created_at = '2026-01-02' WHERE id = '006';
        UPDATE outbox_events SET created_at = '2025-12-31' WHERE id = '007'""");
    FailedEvents.Builder[] choices = {
      FailedEvents.where().domain(EventDomain.CHAT),
      FailedEvents.where().eventType("other"),
      FailedEvents.where().errorContains("100% _\\ T"),
      FailedEvents.where().failedSince(Instant.parse("2026-01-02T00:00:00.000001Z")),
      FailedEvents.where().failedBefore(Instant.parse("2026-01-01T00:00:00Z")),
      FailedEvents.where().createdSince(Instant.parse("2026-01-02T00:00:00Z")),
      FailedEvents.where().createdBefore(Instant.parse("2026-01-01T00:00:00Z")),
    };

    for (int i = 0; i < choices.length; i++) {
      FailedEvents chosen = choices[i].shards(Set.of(ZERO)).build();
      assertEquals(1, redrive.redrive(chosen).events(), chosen::toString);
      assertEquals(i + 1, again().size(), chosen::toString);
      assertEquals("%03d PENDING 0 1".formatted(i + 1), again().get(i), chosen::toString);
    }
  }

  private List<String> again() throws SQLException {
    return zero.states().stream().filter(state -> state.endsWith("PENDING 0 1")).toList();
  }

  @Test
  void severalPagesAreProcessed() throws SQLException {
    zero.run(
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
          status, created_at, updated_at)
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 1000)
        SELECT n, 'PORTFOLIO', 't', 'order', n, '{}', 'FAILED', UTC_TIMESTAMP(6),
          UTC_TIMESTAMP(6) FROM n""");

    assertEquals(1_000, redrive.redrive(ofZero()).events());
    assertEquals(1_000, again().size());

    zero.run("UPDATE outbox_events SET status = 'FAILED'");
    assertEquals(1_000, redrive.discard(ofZero()).events());
    assertEquals(List.of(), zero.states());
  }

  @Test
  void transactionsAreBoundedUnlessOneEventHasMoreFollowers() throws SQLException {
    zero.failed("a", "1").failed("b", "2");
    zero.run(
        """
        INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id, event_data,
          created_at, updated_at)
        WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 998)
        SELECT CONCAT('c', n), 'PORTFOLIO', 't', 'order', 1 + n % 2, '{}', UTC_TIMESTAMP(6),
          UTC_TIMESTAMP(6) FROM n""");
    List<String> commits = new ArrayList<>();
    Redrive counted = new Redrive(ShardDataSources.of(Map.of(ZERO, counting(commits))));

    assertEquals(998, counted.redrive(ofZero()).followers());
    assertEquals(List.of("1000 rows"), commits);

    zero.run("UPDATE outbox_events SET status = 'FAILED' WHERE id IN ('a', 'b')");
    zero.pending("c0", "1");
    commits.clear();
    assertEquals(999, counted.redrive(ofZero()).followers());
    assertEquals(List.of("501 rows", "500 rows"), commits);
  }

  private javax.sql.DataSource counting(List<String> commits) {
    int[] rows = new int[1];
    return Intercepted.source(
        zero.database().dataSource(),
        (sql, connection) -> {
          if (sql.startsWith("INSERT")) {
            rows[0]++;
          } else if (sql.equals("COMMIT")) {
            if (rows[0] > 0) {
              commits.add(rows[0] + " rows");
            }
            rows[0] = 0;
          }
        });
  }

  @Test
  void lockedEventsArePassedOver() throws SQLException {
    fail(5);
    zero.parked("103", "order-3", "003");
    zero.pending("104", "order-4");
    try (Connection other = zero.database().connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE outbox_events SET retry_count = 9 WHERE id IN ('002', '103')");

      assertEquals(new Busy(), redrive.redrive(new EventKey(ZERO, "002")));
      assertEquals(new Busy(), redrive.discard(new EventKey(ZERO, "003")));
      RedriveReport report = redrive.redrive(ofZero());

      assertEquals(3, report.events());
      assertEquals(2, report.passedOver());
      assertEquals(Map.of("002", new Busy(), "003", new Busy()), examples(report));
      other.rollback();
    }
    assertEquals(2, redrive.redrive(ofZero()).events());
  }

  @Test
  void refusedEventsArePassedOver() throws SQLException {
    fail(5);
    zero.run("UPDATE outbox_events SET headers = '[]' WHERE id = '003'");

    RedriveReport report = redrive.redrive(ofZero());

    assertEquals(4, report.events());
    assertEquals(Ending.COMPLETE, report.ending());
    assertInstanceOf(Refused.class, examples(report).get("003"));
    assertEquals("003 FAILED 3", zero.states().get(2));
  }

  @Test
  void idsThatCannotBeRedrivenAreReported() throws SQLException {
    zero.failed("1", "a").published("2", "b");
    one.failed("3", "c").failed("4", "d");

    RedriveReport report =
        redrive.redrive(FailedEvents.where().ids(Set.of("1", "2", "3", "9")).build());

    assertEquals(2, report.events());
    assertEquals(Set.of("9"), report.unknownIds());
    assertEquals(Map.of("2", new NotFailed("PUBLISHED")), examples(report));
    assertEquals(List.of("3 PENDING 0 1", "4 FAILED 3"), one.states());
  }

  /** The clock of the worker on which the event failed was ahead. */
  @Test
  void anEventSelectedByIdIsRedrivenWhateverItsTime() throws SQLException {
    zero.failed("1", "a");
    zero.run("UPDATE outbox_events SET updated_at = UTC_TIMESTAMP(6) + INTERVAL 1 HOUR");

    assertEquals(1, redrive.redrive(FailedEvents.where().ids(Set.of("1")).build()).events());
  }

  @Test
  void theRateIsLimited() throws SQLException {
    fail(25);
    zero.parked("104", "order-4", "004");
    List<Duration> pauses = new ArrayList<>();

    RedriveReport report = new Redrive(shards, Integer.MAX_VALUE, pauses::add).redrive(ofZero());
    assertEquals(26, report.events() + report.followers());
    assertEquals(List.of(), pauses);

    zero.run("UPDATE outbox_events SET status = 'FAILED'");
    zero.run("UPDATE outbox_events SET last_error = 'parked behind 004' WHERE id = '104'");
    new Redrive(shards, 10, pauses::add).redrive(ofZero());
    assertEquals(List.of(Duration.ofMillis(1_100), Duration.ofSeconds(1)), pauses);
    assertEquals(26, zero.states().stream().filter(state -> state.endsWith("0 2")).count());
    assertThrows(IllegalArgumentException.class, () -> redrive.withRate(0));
  }

  @Test
  void anInterruptEndsTheRunWithAReport() throws SQLException {
    fail(25);

    RedriveReport report =
        new Redrive(
                shards,
                10,
                time -> {
                  throw new InterruptedException("by the test");
                })
            .redrive(ofZero());

    assertTrue(Thread.interrupted());
    assertEquals(Ending.INTERRUPTED, report.ending());
    assertEquals(10, report.events());
    Thread.currentThread().interrupt();
    assertEquals(Ending.INTERRUPTED, redrive.redrive(FailedEvents.all()).ending());
    assertTrue(Thread.interrupted());
    assertEquals(15, redrive.withRate(1_000).redrive(ofZero()).events());
  }

  private Redrive pausing(SqlTask meanwhile) {
    return new Redrive(
        shards,
        10,
        time -> {
          try {
            meanwhile.run();
          } catch (SQLException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  private interface SqlTask {
    void run() throws SQLException;
  }

  /** Failure times come from the workers' clocks, which may be behind the server's. */
  @Test
  void anEventThatFailsAgainMeanwhileIsNotRedrivenAgain() throws SQLException {
    fail(25);
    zero.parked("101", "order-1", "001").pending("102", "order-1");
    int[] pauses = new int[1];

    RedriveReport report =
        pausing(
                () -> {
                  pauses[0]++;
                  if (pauses[0] == 1) { // the second page is read, the third is not
                    failAgainAndAnew();
                  }
                })
            .redrive(ofZero());

    assertEquals(2, pauses[0]);
    assertEquals(25, report.events());
    assertEquals(0, report.passedOver());
    List<String> states = zero.states();
    assertEquals("001 FAILED 0 1", states.get(0));
    assertEquals(
        List.of("101 FAILED 0 1", "102 FAILED 0 1", "200 FAILED 3"),
        states.subList(states.size() - 3, states.size()));
  }

  private void failAgainAndAnew() throws SQLException {
    zero.run(
        """
        UPDATE outbox_events SET status = 'FAILED', updated_at = '2020-01-01'
        WHERE id IN ('001', '101', '102')""");
    zero.failed("200", "order-200");
    zero.run("UPDATE outbox_events SET updated_at = UTC_TIMESTAMP(6) WHERE id = '200'");
  }

  @Test
  void columnsAddedMeanwhileKeepTheirValues() throws SQLException {
    fail(11);

    pausing(
            () ->
                zero.run(
                    "ALTER TABLE outbox_events ADD extra INT; UPDATE outbox_events SET extra = 7"))
        .redrive(ofZero());

    assertEquals(11, again().size());
    assertEquals(List.of("7"), zero.texts("SELECT DISTINCT extra FROM outbox_events"));
  }
}
