package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Selects failed events by criteria in three shards. */
@SandboxTest
class FilteredIT {

  private static final FailedEvents REFUSED =
      FailedEvents.where()
          .domain(EventDomain.PORTFOLIO)
          .eventType("order_created")
          .errorContains("Connection refused")
          .build();

  private static final List<String> UNTOUCHED =
      List.of(
          "1 FAILED 3",
          "2 FAILED 3",
          "3 PENDING 3",
          "4 FAILED 3",
          "5 FAILED 3",
          "6 FAILED 3",
          "7 PUBLISHED 3",
          "8 RETRY 3");

  private final Map<ShardId, OutboxRows> shards = new TreeMap<>();
  private final Redrive redrive;

  FilteredIT(Sandbox sandbox) throws SQLException {
    Map<ShardId, javax.sql.DataSource> sources = new TreeMap<>();
    for (int i = 0; i < 3; i++) {
      ShardId shard = ShardId.of(i);
      shards.put(shard, OutboxRows.in(sandbox.database("shard_" + i)));
      sources.put(shard, sandbox.database("shard_" + i).dataSource());
    }
    redrive = new Redrive(ShardDataSources.of(sources));
  }

  /**
   * Event 1 is selected, with the parked event 2 and the pending event 3. Events 4, 5 and 6 are
   * not.
   */
  @BeforeEach
  void makeTables() throws SQLException {
    for (OutboxRows made : List.copyOf(shards.values())) {
      OutboxRows rows = OutboxRows.in(made.database());
      rows.failed("1", "a").parked("2", "a", "1").pending("3", "a");
      rows.failed("4", "b").failed("5", "c").failed("6", "d");
      rows.published("7", "e").retry("8", "b");
      rows.run(
          """
          UPDATE outbox_events SET domain = 'CHAT' WHERE id = '4';
          UPDATE outbox_events SET event_type = 'order_cancelled' WHERE id = '5';
          UPDATE outbox_events SET last_error = 'Timeout' WHERE id = '6'""");
    }
  }

  private List<List<String>> states() throws SQLException {
    List<List<String>> states = new ArrayList<>();
    for (OutboxRows rows : shards.values()) {
      states.add(rows.states());
    }
    return states;
  }

  private static List<List<String>> ofEach(List<String> states) {
    return List.of(states, states, states);
  }

  @Test
  void onlySelectedEventsAndTheirFollowersAreRedriven() throws SQLException {
    RedrivePreview preview = redrive.preview(REFUSED);
    assertEquals(3, preview.events());
    assertEquals(ofEach(UNTOUCHED), states());

    RedriveReport report = redrive.redrive(REFUSED);

    assertEquals(3, report.events());
    assertEquals(6, report.followers());
    assertEquals(Map.of(), report.failures());
    assertEquals(
        ofEach(
            List.of(
                "1 PENDING 0 1",
                "2 PENDING 0 1",
                "3 PENDING 0 1",
                "4 FAILED 3",
                "5 FAILED 3",
                "6 FAILED 3",
                "7 PUBLISHED 3",
                "8 RETRY 3")),
        states());
  }

  @Test
  void onlySelectedEventsAreDiscarded() throws SQLException {
    RedriveReport report = redrive.discard(REFUSED);

    assertEquals(3, report.events());
    assertEquals(6, report.followers());
    assertEquals(
        ofEach(
            List.of(
                "2 PENDING 0 1",
                "3 PENDING 0 1",
                "4 FAILED 3",
                "5 FAILED 3",
                "6 FAILED 3",
                "7 PUBLISHED 3",
                "8 RETRY 3")),
        states());
  }

  @Test
  void shardsCanBeSelected() throws SQLException {
    FailedEvents some =
        FailedEvents.where()
            .shards(Set.of(ShardId.of(0), ShardId.of(2)))
            .eventType("order_cancelled")
            .build();

    assertEquals(2, redrive.discard(some).events());

    List<String> without = UNTOUCHED.stream().filter(state -> !state.equals("5 FAILED 3")).toList();
    assertEquals(List.of(without, UNTOUCHED, without), states());
  }

  @Test
  void anAggregateIsSelectedByTypeAndId() throws SQLException {
    for (OutboxRows rows : shards.values()) {
      rows.run("UPDATE outbox_events SET aggregate_type = 'basket' WHERE id = '6'");
      rows.run("UPDATE outbox_events SET aggregate_id = 'c' WHERE id = '6'");
    }
    FailedEvents order = FailedEvents.where().aggregate("order", "c").build();

    assertEquals(3, redrive.preview(order).events());
    assertEquals(3, redrive.redrive(order).events());

    List<String> states = new ArrayList<>(UNTOUCHED);
    states.set(4, "5 PENDING 0 1");
    assertEquals(ofEach(states), states());
  }

  /** The collations of the columns may ignore case and trailing spaces. */
  @Test
  void textsAreComparedExactly() throws SQLException {
    for (OutboxRows rows : shards.values()) {
      rows.run(
          "ALTER TABLE outbox_events CONVERT TO CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci");
      rows.failed("9", "B").failed("10", "ç");
      rows.run("UPDATE outbox_events SET aggregate_id = 'b ' WHERE id = '5'");
      rows.run("UPDATE outbox_events SET event_type = 'Order_created' WHERE id = '1'");
    }

    assertEquals(3, redrive.preview(FailedEvents.where().aggregate("order", "b").build()).events());
    assertEquals(0, redrive.preview(FailedEvents.where().aggregate("order", "c").build()).events());
    assertEquals(
        3, redrive.preview(FailedEvents.where().eventType("Order_created").build()).events());
    assertEquals(
        0, redrive.preview(FailedEvents.where().errorContains("timeout").build()).events());
    assertEquals(
        3, redrive.preview(FailedEvents.where().errorContains("Timeout").build()).events());
  }
}
