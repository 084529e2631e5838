package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Partitions that are reassigned while handlers are running. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
class RebalancesIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String SENT = "message_sent";

  private final Stage stage;

  RebalancesIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 2);
  }

  private HandlerRuntime started(Calls calls) {
    HandlerRuntime runtime = stage.runtime().handler(CHAT, SENT, calls).build();
    runtime.start();
    return runtime;
  }

  private OutboxEvent emit(String room, int partition) throws Exception {
    return stage.emit(Stage.ONE, Stage.event(CHAT, SENT, room), partition);
  }

  @Test
  void outstandingEventsAreFinishedBeforeTheirPartitionIsRevoked() throws Exception {
    Calls first = Calls.gated();
    Calls second = Calls.succeeding();
    List<OutboxEvent> events = new ArrayList<>();
    try (HandlerRuntime one = started(first)) {
      events.add(emit("a", 0));
      events.add(emit("b", 1));
      until("both are called", () -> first.count() == 2);
      for (int i = 0; i < 5; i++) {
        events.add(emit("a", 0));
        events.add(emit("b", 1));
      }
      try (HandlerRuntime two = started(second)) {
        until("the second is a member", () -> stage.topics().membersOf(CHAT) == 2);
        first.open();
        until(
            "all are published",
            () -> one.statistics().published() + two.statistics().published() == 12);
        assertEquals(12, first.count() + second.count(), "none is handled twice");
        stage.topics().awaitCommitted(CHAT, 0, 6);
        stage.topics().awaitCommitted(CHAT, 1, 6);
      }
    }
    for (OutboxEvent event : events) {
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
    }
  }

  @Test
  void aHandlerThatOutlivesItsPartitionIsNotOvertakenHere() throws Exception {
    Calls stuck = Calls.gated();
    Calls second = Calls.gated();
    try (HandlerRuntime one = started(stuck)) {
      OutboxEvent event = emit("a", 0);
      OutboxEvent other = emit("b", 1);
      until("both are called", () -> stuck.count() == 2);
      try (HandlerRuntime two = started(second)) {
        // After the handover time, the second worker receives one of the two events again.
        until("the second has one", () -> second.count() == 1);
        until("the first's call of it is broken off", () -> stuck.interrupted() == 1);
        second.open();
        until("it is written", () -> two.statistics().published() == 1);
      }
      // The partition is assigned to the first worker again, and the other has finished its event.
      stuck.open();
      stage.topics().awaitCommitted(CHAT, 0, 1);
      stage.topics().awaitCommitted(CHAT, 1, 1);
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(event).status());
      assertEquals(OutboxStatus.PUBLISHED, stage.rows().row(other).status());
      assertEquals(2, stuck.count());
    }
  }
}
