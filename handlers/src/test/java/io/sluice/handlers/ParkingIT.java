package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardDataSources;
import io.sluice.redrive.Redrive;
import io.sluice.redrive.RedriveOutcome;
import io.sluice.repository.EventKey;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** Events behind an event of their aggregate that failed for good. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class ParkingIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;
  private final Redrive redrive;
  private final List<String> handled = new CopyOnWriteArrayList<>();
  private final Set<String> poison = ConcurrentHashMap.newKeySet();

  // All tests share the tables, so aggregate ids are unique for each test.
  private final String test = UUID.randomUUID() + "-";

  ParkingIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
    redrive =
        new Redrive(
            ShardDataSources.of(
                Map.of(
                    Stage.ONE,
                    new TestDataSource() {
                      @Override
                      public Connection getConnection() throws SQLException {
                        return stage.rows().connect(Stage.ONE);
                      }
                    })));
  }

  private HandlerRuntime started() {
    HandlerRuntime runtime =
        stage.runtime().afterFailure(AfterFailure.PARK).handler(CHAT, SENT, this::handle).build();
    runtime.start();
    return runtime;
  }

  private void handle(HandledEvent event) {
    if (poison.contains(event.id())) {
      throw new IllegalStateException("poison");
    }
    handled.add(event.id());
  }

  private OutboxEvent emit(String room) throws Exception {
    return stage.emit(Stage.ONE, Stage.event(CHAT, SENT, test + room), 0);
  }

  private OutboxEvent emitPoison(String room) throws Exception {
    OutboxEvent event = Stage.event(CHAT, SENT, test + room);
    poison.add(event.id().toString());
    return stage.emit(Stage.ONE, event, 0);
  }

  private static EventKey key(OutboxEvent event) {
    return new EventKey(Stage.ONE, event.id());
  }

  private static List<String> ids(OutboxEvent... events) {
    return List.of(events).stream().map(event -> event.id().toString()).toList();
  }

  /** Writes the records that the relay would write for redriven rows, in this order. */
  private void relayAgain(OutboxEvent... events) throws Exception {
    for (OutboxEvent event : events) {
      stage.relay().relay(Stage.ONE, event.toBuilder().header("outbox-redrive", "1").build(), 0);
    }
  }

  @Test
  void laterEventsAreParkedUntilTheFailedOneIsRedriven() throws Exception {
    try (HandlerRuntime runtime = started()) {
      OutboxEvent head = emitPoison("a");
      OutboxEvent second = emit("a");
      OutboxEvent other = emit("b");
      OutboxEvent third = emit("a");
      stage.topics().awaitCommitted(CHAT, 0, 4);

      assertEquals(ids(other), handled);
      assertEquals(OutboxStatus.FAILED, stage.rows().row(head).status());
      for (OutboxEvent follower : List.of(second, third)) {
        Row row = stage.rows().row(follower);
        assertEquals(OutboxStatus.FAILED, row.status());
        assertEquals("parked behind " + head.id(), row.lastError());
        assertEquals(0, row.retryCount());
      }
      assertEquals(2, runtime.statistics().parked());
      assertEquals(1, runtime.statistics().failed());

      poison.clear();
      assertEquals(new RedriveOutcome.Done(2), redrive.redrive(key(head)));
      relayAgain(head, second, third);
      stage.topics().awaitCommitted(CHAT, 0, 7);
      assertEquals(ids(other, head, second, third), handled);
      OutboxEvent fourth = emit("a");
      stage.rows().awaitStatus(fourth, OutboxStatus.PUBLISHED);
    }
  }

  @Test
  void laterEventsAreReleasedWhereTheFailedOneIsDiscarded() throws Exception {
    try (HandlerRuntime runtime = started()) {
      OutboxEvent head = emitPoison("a");
      OutboxEvent second = emit("a");
      stage.topics().awaitCommitted(CHAT, 0, 2);

      assertEquals(new RedriveOutcome.Done(1), redrive.discard(key(head)));
      relayAgain(second);
      stage.rows().awaitStatus(second, OutboxStatus.PUBLISHED);
      assertEquals(ids(second), handled);
    }
  }

  @Test
  void anotherWorkerGoesOnParking() throws Exception {
    OutboxEvent head;
    try (HandlerRuntime runtime = started()) {
      head = emitPoison("a");
      stage.rows().awaitStatus(head, OutboxStatus.FAILED);
      stage.topics().awaitCommitted(CHAT, 0, 1);
    }
    try (HandlerRuntime runtime = started()) {
      OutboxEvent second = emit("a");
      OutboxEvent other = emit("b");
      stage.topics().awaitCommitted(CHAT, 0, 3);

      assertEquals("parked behind " + head.id(), stage.rows().row(second).lastError());
      assertEquals(ids(other), handled);
    }
  }

  @Test
  void theFailedEventCannotBeRedrivenWhileAnotherIsParkedBehindIt() throws Exception {
    OutboxEvent head = Stage.event(CHAT, SENT, test + "a");
    poison.add(head.id().toString());
    HeldWhileParking source =
        new HeldWhileParking(stage.rows().workerSource(Stage.ONE), head.id().toString());
    HandlerRuntime runtime =
        stage
            .runtime(Map.of(Stage.ONE, source))
            .afterFailure(AfterFailure.PARK)
            .handler(CHAT, SENT, this::handle)
            .build();
    runtime.start();
    try (runtime) {
      stage.emit(Stage.ONE, head, 0);
      OutboxEvent second = emit("a");
      stage.rows().awaitStatus(second, OutboxStatus.FAILED);
      assertEquals(List.of(true), source.held());
    }
  }

  @Test
  void aRecordFromBeforeTheRedriveIsPassedOver() throws Exception {
    OutboxEvent head = emitPoison("a");
    OutboxEvent second = Stage.event(CHAT, SENT, test + "a");
    stage.rows().write(Stage.ONE, second);
    try (HandlerRuntime runtime = started()) {
      stage.rows().awaitStatus(head, OutboxStatus.FAILED);
      poison.clear();
      // The second event is PENDING and redriven together with the head. Its first record arrives
      // anyway.
      assertEquals(new RedriveOutcome.Done(1), redrive.redrive(key(head)));
      stage.relay().relay(Stage.ONE, second, 0);
      until("the old record is passed over", () -> runtime.statistics().skipped() == 1);
      assertEquals(List.of(), handled);
      assertEquals(OutboxStatus.PENDING, stage.rows().row(second).status());

      relayAgain(head, second);
      stage.rows().awaitStatus(second, OutboxStatus.PUBLISHED);
      assertEquals(ids(head, second), handled);
    }
  }

  @Test
  void anEventThatTheRedriveDidNotSeeWaitsForTheOneItTookAlong() throws Exception {
    try (HandlerRuntime runtime = started()) {
      OutboxEvent head = emitPoison("a");
      stage.rows().awaitStatus(head, OutboxStatus.FAILED);
      stage.topics().awaitCommitted(CHAT, 0, 1);
      poison.clear();
      redrive.redrive(key(head));
      // Committed before the redrive but invisible to it, so its record comes before the head's.
      OutboxEvent unseen = emit("a");
      OutboxEvent other = emit("b");
      stage.rows().awaitStatus(other, OutboxStatus.PUBLISHED);
      assertEquals(OutboxStatus.PENDING, stage.rows().row(unseen).status());

      relayAgain(head);
      stage.rows().awaitStatus(unseen, OutboxStatus.PUBLISHED);
      assertEquals(ids(other, head, unseen), handled);
    }
  }

  @Test
  void withoutThePolicyLaterEventsGoOn() throws Exception {
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, this::handle).build();
    runtime.start();
    try (runtime) {
      OutboxEvent head = emitPoison("a");
      OutboxEvent second = emit("a");
      stage.rows().awaitStatus(second, OutboxStatus.PUBLISHED);
      assertEquals(OutboxStatus.FAILED, stage.rows().row(head).status());
    }
    assertEquals(1, new ArrayList<>(handled).size());
  }
}
