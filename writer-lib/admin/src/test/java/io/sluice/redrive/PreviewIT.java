package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedrivePreview.EventKind;
import io.sluice.redrive.ShardPreview.Coverage;
import io.sluice.redrive.ShardPreview.Example;
import io.sluice.redrive.ShardPreview.Overtaken;
import io.sluice.repository.ClosedPool;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class PreviewIT {

  private static final ShardId ZERO = ShardId.of(0);
  private static final ShardId ONE = ShardId.of(1);
  private static final ShardId BROKEN = ShardId.of("broken");
  private static final EventKind ORDER = new EventKind("PORTFOLIO", "order_created");

  private final Redrive redrive;
  private OutboxRows zero;
  private OutboxRows one;

  PreviewIT(Sandbox sandbox) throws SQLException {
    zero = OutboxRows.in(sandbox.database("zero"));
    one = OutboxRows.in(sandbox.database("one"));
    redrive =
        new Redrive(
            ShardDataSources.of(
                Map.of(
                    ZERO,
                    zero.database().dataSource(),
                    ONE,
                    one.database().dataSource(),
                    BROKEN,
                    sandbox.database("broken").dataSource())));
  }

  @BeforeEach
  void makeTables() throws SQLException {
    zero = OutboxRows.in(zero.database());
    one = OutboxRows.in(one.database());
    zero.published("1", "a").failed("2", "a").parked("3", "a", "2").parked("4", "a", "2");
    zero.pending("5", "a").published("6", "a").published("7", "a");
    zero.failed("8", "b").retry("9", "b").published("91", "c").pending("92", "c");
    zero.failed("93", "c").parked("94", "c", "93");
    one.failed("1", "a").failed("2", "a");
    one.run("UPDATE outbox_events SET domain = 'unknown', event_type = 'x' WHERE id = '2'");
  }

  @Test
  void countsEventsFollowersAndOvertakenAggregates() throws SQLException {
    List<String> before = zero.states();

    RedrivePreview preview = redrive.preview(FailedEvents.all());

    assertEquals(
        Map.of(
            ZERO,
            new ShardPreview(
                Map.of(ORDER, 3L),
                3,
                3,
                new Overtaken(1, List.of(new Example("order", "a", "2", "6"))),
                Coverage.EVERYTHING),
            ONE,
            new ShardPreview(
                Map.of(ORDER, 1L, new EventKind("unknown", "x"), 1L),
                0,
                0,
                new Overtaken(0, List.of()),
                Coverage.EVERYTHING)),
        preview.shards());
    assertEquals(5, preview.events());
    assertEquals(Set.of(BROKEN), preview.failures().keySet());
    String message =
        String.valueOf(Objects.requireNonNull(preview.failures().get(BROKEN)).getMessage());
    assertTrue(message.startsWith("preview of shard 'broken' failed: "), message);
    assertEquals(before, zero.states());
  }

  @Test
  void aClosedPoolIsAFailedShard() {
    Redrive some =
        new Redrive(
            ShardDataSources.of(
                Map.of(BROKEN, ClosedPool.dataSource(), ONE, one.database().dataSource())));

    assertEquals(Set.of(BROKEN), some.preview(FailedEvents.all()).failures().keySet());
    RedriveReport report = some.redrive(FailedEvents.all());
    assertTrue(
        String.valueOf(report.shards().get(BROKEN)).contains("the pool is closed"),
        report::toString);
    assertEquals(2, report.events());
  }

  @Test
  void agreesWithTheRedrive() {
    FailedEvents chosen = FailedEvents.where().domain(EventDomain.PORTFOLIO).build();
    RedrivePreview preview = redrive.preview(chosen);

    RedriveReport report = redrive.redrive(chosen);

    assertEquals(preview.events(), report.events());
    assertEquals(
        preview.shards().values().stream()
            .mapToLong(shard -> shard.parked() + shard.unfinished())
            .sum(),
        report.followers());
    assertEquals(
        Set.of(ONE),
        redrive.preview(FailedEvents.all()).shards().entrySet().stream()
            .filter(shard -> !shard.getValue().events().isEmpty())
            .map(Map.Entry::getKey)
            .collect(Collectors.toSet()));
  }

  @Test
  void saysIfNotAllRowsWereRead() throws SQLException {
    try (Connection connection = zero.database().connect()) {
      connection.setAutoCommit(false);
      FailedEvents all = FailedEvents.all();
      ShardPreview part = new Previewer(connection, all, 3).preview();
      assertEquals(Coverage.PART, part.coverage());
      assertEquals(new Overtaken(0, List.of()), part.overtaken());

      ShardPreview more = new Previewer(connection, all, 4).preview();
      assertEquals(Coverage.PART, more.coverage());
      assertEquals(1, more.overtaken().aggregates());
      assertEquals(Coverage.EVERYTHING, new Previewer(connection, all, 100).preview().coverage());
    }
  }

  @Test
  void countsAllOvertakenAggregatesAndNamesTheFirstTwenty() throws SQLException {
    zero = OutboxRows.in(zero.database());
    for (int i = 10; i < 35; i++) {
      zero.failed("%d-1".formatted(i), "order-" + i).published("%d-2".formatted(i), "order-" + i);
    }

    Overtaken overtaken =
        Objects.requireNonNull(redrive.preview(FailedEvents.all()).shards().get(ZERO)).overtaken();

    assertEquals(25, overtaken.aggregates());
    assertEquals(
        IntStream.range(10, 30).mapToObj(i -> "order-" + i).toList(),
        overtaken.examples().stream().map(Example::aggregateId).toList());
  }

  @Test
  void theCountsHoldForADiscardAsDocumented() throws SQLException {
    ShardPreview preview =
        Objects.requireNonNull(redrive.preview(FailedEvents.all()).shards().get(ZERO));

    RedriveReport report = redrive.discard(FailedEvents.all());

    ShardReport zeros = Objects.requireNonNull(report.shards().get(ZERO));
    assertEquals(preview.events().get(ORDER), zeros.events());
    assertEquals(3, preview.parked());
    assertEquals(3, preview.unfinished());
    assertEquals(5, zeros.followers(), "three parked, and of the unfinished 5 and 92, but not 9");
    assertTrue(zero.states().contains("9 RETRY 3"), report::toString);
  }

  @Test
  void locksNothing() throws SQLException {
    try (Connection other = zero.database().connect();
        Statement statement = other.createStatement()) {
      other.setAutoCommit(false);
      statement.execute("UPDATE outbox_events SET retry_count = 7");

      assertEquals(5, redrive.preview(FailedEvents.all()).events());
      other.rollback();
    }
  }

  @Test
  void doesNotBlockAnAlterTable() {
    int[] reads = new int[1];
    DataSource altered =
        Intercepted.source(
            zero.database().dataSource(),
            (sql, connection) -> {
              if (sql.startsWith("SELECT e.id") || sql.startsWith("SELECT id")) {
                reads[0]++;
                zero.run(
                    """
                    SET lock_wait_timeout = 2; ALTER TABLE outbox_events ADD extra_%d INT"""
                        .formatted(reads[0]));
              }
            });

    assertEquals(
        3,
        new Redrive(ShardDataSources.of(Map.of(ZERO, altered)))
            .preview(FailedEvents.all())
            .events());
    assertEquals(5, reads[0]);
  }
}
