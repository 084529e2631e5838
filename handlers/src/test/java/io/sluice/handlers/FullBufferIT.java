package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Domains with more waiting events than a worker can buffer. */
@WithStage
class FullBufferIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final String FRAGILE = "fragile";
  private static final String SOUND = "sound";
  private static final int BUFFERED = 20;
  private static final int ROOMS = 11;
  private static final int EVENTS = 60;
  private static final Duration WAIT = Duration.ofSeconds(1);

  private final Stage stage;
  private final Fragile fragile = new Fragile();
  private final Calls sound = Calls.succeeding();

  FullBufferIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 2);
  }

  /** Fails while its dependency is down. */
  private static final class Fragile implements EventHandler {

    private final List<String> succeeded = new CopyOnWriteArrayList<>();
    private volatile boolean down = true;

    @Override
    public void handle(HandledEvent event) {
      if (down) {
        throw new IllegalStateException("what this needs is down");
      }
      succeeded.add(event.id());
    }
  }

  private HandlerRuntime started(WhileWaiting waiting) {
    HandlerRuntime runtime =
        stage
            .runtime()
            .buffer(BUFFERED, 1_000_000)
            .whileWaiting(waiting)
            .retry(RetryPolicy.exponential(WAIT, WAIT))
            .handler(CHAT, FRAGILE, fragile)
            .handler(CHAT, SOUND, sound)
            .build();
    runtime.start();
    return runtime;
  }

  private static List<OutboxEvent> events(String type, int partition) {
    return IntStream.range(0, EVENTS)
        .mapToObj(
            number ->
                OutboxEvent.builder(CHAT, type)
                    .aggregate("room", "%s-%d-%d".formatted(type, partition, number % ROOMS))
                    .json("{}")
                    .maxRetries(100)
                    .build())
        .toList();
  }

  /** Writes events that will wait before and between events that will not. */
  private List<OutboxEvent> emit(int partition) throws Exception {
    List<OutboxEvent> waiting = events(FRAGILE, partition);
    List<OutboxEvent> others = events(SOUND, partition);
    int half = EVENTS / 2;
    stage.emitAll(Stage.ONE, waiting.subList(0, half), partition);
    stage.emitAll(Stage.ONE, others.subList(0, half), partition);
    stage.emitAll(Stage.ONE, waiting.subList(half, EVENTS), partition);
    stage.emitAll(Stage.ONE, others.subList(half, EVENTS), partition);
    return waiting;
  }

  @Test
  void whatWaitsForItsNextAttemptLeavesRoomForOthers() throws Exception {
    try (HandlerRuntime runtime = started(WhileWaiting.HOLD)) {
      List<OutboxEvent> waiting = emit(0);
      until("all others are handled", () -> sound.count() == EVENTS);
      assertEquals(0, stage.topics().committed(CHAT, 0));

      fragile.down = false;
      stage.topics().awaitCommitted(CHAT, 0, 2 * EVENTS);
      assertEquals(EVENTS, fragile.succeeded.size());
      assertTrue(inOrder(waiting));
      assertEquals(2 * EVENTS, runtime.statistics().published());
    }
  }

  private boolean inOrder(List<OutboxEvent> events) {
    return events.stream()
        .map(OutboxEvent::aggregateId)
        .distinct()
        .allMatch(room -> succeeded(events, room).equals(written(events, room).toList()));
  }

  private static Stream<String> written(List<OutboxEvent> events, String room) {
    return events.stream()
        .filter(event -> event.aggregateId().equals(room))
        .map(event -> event.id().toString());
  }

  private List<String> succeeded(List<OutboxEvent> events, String room) {
    List<String> theirs = new ArrayList<>(fragile.succeeded);
    theirs.retainAll(written(events, room).toList());
    return theirs;
  }

  @Test
  void whatOthersMayPassLeavesRoomToo() throws Exception {
    try (HandlerRuntime runtime = started(WhileWaiting.PASS)) {
      emit(0);
      until("all others are handled", () -> sound.count() == EVENTS);

      fragile.down = false;
      stage.topics().awaitCommitted(CHAT, 0, 2 * EVENTS);
      assertEquals(EVENTS, fragile.succeeded.size());
      assertEquals(2 * EVENTS, runtime.statistics().published());
    }
  }

  @Test
  void theNextOwnerOfAPartitionGoesOnWithWhatWasLeft() throws Exception {
    List<OutboxEvent> waiting = new ArrayList<>();
    HandlerRuntime first = started(WhileWaiting.HOLD);
    try (first) {
      waiting.addAll(emit(0));
      waiting.addAll(emit(1));
      until("all others are handled", () -> sound.count() == 2 * EVENTS);
    }
    HandlerRuntime second = started(WhileWaiting.HOLD);
    try (second;
        HandlerRuntime third = started(WhileWaiting.HOLD)) {
      until("they share the partitions", () -> stage.topics().membersOf(CHAT) == 2);
      fragile.down = false;
      stage.topics().awaitCommitted(CHAT, 0, 2 * EVENTS);
      stage.topics().awaitCommitted(CHAT, 1, 2 * EVENTS);
      assertEquals(2 * EVENTS, fragile.succeeded.size());
      assertTrue(inOrder(waiting));
      assertEquals(2 * EVENTS, second.statistics().published() + third.statistics().published());
      assertEquals(2 * EVENTS, sound.count());
    }
  }

  @Test
  void anAggregateWhoseHandlerTakesLongLeavesRoomForOthers() throws Exception {
    Calls slow = Calls.gated();
    HandlerRuntime runtime =
        stage
            .runtime()
            .buffer(BUFFERED, 1_000_000)
            .handler(CHAT, FRAGILE, slow)
            .handler(CHAT, SOUND, sound)
            .build();
    runtime.start();
    try (runtime) {
      List<OutboxEvent> held =
          IntStream.range(0, EVENTS).mapToObj(i -> Stage.event(CHAT, FRAGILE, "one")).toList();
      stage.emitAll(Stage.ONE, held, 0);
      stage.emitAll(Stage.ONE, events(SOUND, 0), 0);
      until("all others are handled", () -> sound.count() == EVENTS);
      assertEquals(1, slow.count());

      slow.open();
      stage.topics().awaitCommitted(CHAT, 0, 2 * EVENTS);
      assertEquals(
          held.stream().map(event -> event.id().toString()).toList(),
          slow.events().stream().map(HandledEvent::id).toList());
    }
  }
}
