package io.sluice.handlers;

import static io.sluice.handlers.Until.until;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Order within an aggregate, and concurrency of aggregates of one partition. */
@WithStage
@SuppressWarnings("try") // runtimes are not referenced
@Tag("containers")
@Tag("virtual-threads")
class AggregatesIT {

  private static final EventDomain CHAT = EventDomain.CHAT;
  private static final Duration HOUR = Duration.ofHours(1);

  private final Stage stage;

  AggregatesIT(Stage stage) throws Exception {
    this.stage = stage;
    stage.topics().create(CHAT, 1);
  }

  private static HandlerRuntime start(HandlerRuntimeBuilder builder) {
    HandlerRuntime runtime = builder.build();
    runtime.start();
    return runtime;
  }

  private OutboxEvent emit(String type, String room) throws Exception {
    return stage.emit(Stage.ONE, Stage.event(CHAT, type, room), 0);
  }

  @Test
  void aSlowAggregateStopsNoOtherOfItsPartition() throws Exception {
    Calls slow = Calls.gated();
    Calls quick = Calls.succeeding();
    try (HandlerRuntime runtime =
        start(stage.runtime().handler(CHAT, "slow", slow).handler(CHAT, "quick", quick))) {
      emit("slow", "a");
      until("the handler is busy", () -> slow.count() == 1);
      OutboxEvent behind = emit("quick", "a");
      OutboxEvent last = behind;
      for (int i = 0; i < 20; i++) {
        last = emit("quick", "room-" + i);
      }
      stage.rows().awaitStatus(last, OutboxStatus.PUBLISHED);

      until("the others are handled", () -> quick.count() == 20);
      assertEquals(OutboxStatus.PENDING, stage.rows().row(behind).status());
      assertEquals(0, stage.topics().committed(CHAT, 0), "no further than the first unfinished");

      slow.open();
      stage.topics().awaitCommitted(CHAT, 0, 22);
      assertEquals(21, quick.count());
    }
  }

  @Test
  void asManyAggregatesAsAreAllowedAreHandledAtTheSameTime() throws Exception {
    Calls gated = Calls.gated();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                // Production timings, so that events behind a busy handler are not deferred during
                // the test.
                .timings(HandlerTimings.PRODUCTION)
                .concurrency(8)
                .handler(CHAT, "sent", gated))) {
      for (int i = 0; i < 20; i++) {
        emit("sent", "room-" + i);
      }
      emit("sent", "room-0");
      OutboxEvent last = emit("sent", "room-1");
      until("eight are busy", () -> gated.count() == 8);
      until("all are taken on", () -> load(runtime).events() == 22);
      assertEquals(8, gated.count());
      assertEquals(8, load(runtime).calls());
      assertEquals(20, load(runtime).aggregates());
      int bytes = ((EventPayload.Json) last.payload()).text().length();
      // The other two events may already be deferred, without their payloads.
      assertTrue(load(runtime).bytes() >= 20L * bytes, () -> load(runtime).toString());

      gated.open();
      stage.topics().awaitCommitted(CHAT, 0, 22);
    }
  }

  @Test
  void handlersHaveVirtualThreadsFromJava21OnAndPlatformThreadsBefore() throws Exception {
    Map<String, Boolean> virtual = new ConcurrentHashMap<>();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(CHAT, "plain", event -> virtual.put("plain", isVirtual()))
                .transactionalHandler(
                    CHAT, "in_transaction", (event, connection) -> virtual.put("tx", isVirtual()))
                .asyncHandler(
                    CHAT,
                    "async",
                    event -> {
                      virtual.put("async", isVirtual());
                      return CompletableFuture.completedFuture(event);
                    }))) {
      emit("plain", "a");
      emit("in_transaction", "b");
      emit("async", "c");
      stage.topics().awaitCommitted(CHAT, 0, 3);
    }
    boolean expected = Runtime.version().feature() >= 21;
    assertEquals(Map.of("plain", expected, "tx", expected, "async", expected), virtual);
  }

  /**
   * Calls {@code Thread.isVirtual} by reflection, because it does not exist before Java 19, and
   * these sources are for Java 17.
   */
  private static boolean isVirtual() throws ReflectiveOperationException {
    if (Runtime.version().feature() < 21) {
      return false;
    }
    return (boolean) Thread.class.getMethod("isVirtual").invoke(Thread.currentThread());
  }

  private static DomainSnapshot load(HandlerRuntime runtime) {
    return runtime.snapshot(CHAT);
  }

  @Test
  void thePoisonOfAnAggregateDelaysItsOwnEventsAlone() throws Exception {
    Calls good = Calls.succeeding();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .retry(RetryPolicy.exponential(HOUR, HOUR))
                .handler(CHAT, "poison", Calls.failing(100))
                .handler(CHAT, "good", good))) {
      OutboxEvent poison = emit("poison", "a");
      OutboxEvent behind = emit("good", "a");
      OutboxEvent other = emit("good", "b");
      stage.rows().awaitStatus(poison, OutboxStatus.RETRY);
      stage.rows().awaitStatus(other, OutboxStatus.PUBLISHED);

      assertEquals(OutboxStatus.PENDING, stage.rows().row(behind).status());
      assertEquals(1, good.count());
    }
  }

  @Test
  void laterEventsPassOneThatWaitsWhereTheyMay() throws Exception {
    Calls good = Calls.succeeding();
    Calls poison = Calls.failing(1);
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .whileWaiting(WhileWaiting.PASS)
                .retry(RetryPolicy.exponential(Duration.ofSeconds(1), HOUR).withJitter(0))
                .handler(CHAT, "poison", poison)
                .handler(CHAT, "good", good))) {
      OutboxEvent waiting = emit("poison", "a");
      stage.rows().awaitStatus(waiting, OutboxStatus.RETRY);
      OutboxEvent passing = emit("good", "a");
      stage.rows().awaitStatus(passing, OutboxStatus.PUBLISHED);
      assertEquals(OutboxStatus.RETRY, stage.rows().row(waiting).status());

      stage.rows().awaitStatus(waiting, OutboxStatus.PUBLISHED);
      stage.topics().awaitCommitted(CHAT, 0, 2);
      assertEquals(List.of(1, 2), poison.attempts());
    }
  }

  @Test
  void keepsTheOrderOfManyAggregatesThroughFailures() throws Exception {
    Map<String, List<String>> handled = new ConcurrentHashMap<>();
    AtomicInteger calls = new AtomicInteger();
    List<OutboxEvent> events = new ArrayList<>();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .handler(
                    CHAT,
                    "sent",
                    event -> {
                      if (calls.incrementAndGet() % 7 == 0 && event.attempt() < 3) {
                        throw new IllegalStateException("for a change");
                      }
                      remember(handled, event);
                    }))) {
      for (int i = 0; i < 400; i++) {
        events.add(Stage.event(CHAT, "sent", "room-" + i % 20));
      }
      stage.emitAll(Stage.ONE, events, 0);
      stage.topics().awaitCommitted(CHAT, 0, 400);
    }

    for (int room = 0; room < 20; room++) {
      String name = "room-" + room;
      List<String> inOrder =
          events.stream()
              .filter(event -> event.aggregateId().equals(name))
              .map(event -> event.id().toString())
              .toList();
      assertEquals(inOrder, handled.get(name), name);
    }
  }

  private static void remember(Map<String, List<String>> handled, HandledEvent event) {
    handled
        .computeIfAbsent(event.aggregateId(), room -> new CopyOnWriteArrayList<>())
        .add(event.id());
  }

  @Test
  void eventsThatWaitLongForAPlaceGetOne() throws Exception {
    List<String> handled = new CopyOnWriteArrayList<>();
    CountDownLatch never = new CountDownLatch(1);
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .concurrency(1)
                .handler(
                    CHAT,
                    "sent",
                    event -> {
                      handled.add(event.aggregateId());
                      assertFalse(never.await(60, TimeUnit.MILLISECONDS));
                    }))) {
      List<String> rooms = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        rooms.add("room-" + i);
        emit("sent", "room-" + i);
      }
      // Three seconds of work, longer than the row freshness.
      stage.topics().awaitCommitted(CHAT, 0, 50);
      assertEquals(50, handled.size());
      assertEquals(Set.copyOf(rooms), Set.copyOf(handled));
    }
  }

  @Test
  void noMoreIsFetchedThanTheBufferHolds() throws Exception {
    Calls gated = Calls.gated();
    try (HandlerRuntime runtime =
        start(
            stage
                .runtime()
                .kafka(withFewRecords())
                // Production timings, so that events are not deferred during the test.
                .timings(HandlerTimings.PRODUCTION)
                .buffer(10, 1_000_000)
                .handler(CHAT, "sent", gated))) {
      List<OutboxEvent> events = new ArrayList<>();
      for (int i = 0; i < 60; i++) {
        events.add(Stage.event(CHAT, "sent", "room-" + i));
      }
      stage.emitAll(Stage.ONE, events, 0);
      until("the buffer is full", () -> load(runtime).events() >= 10);
      // Events of the running poll are still added. Another round shows that no poll follows.
      CountDownLatch never = new CountDownLatch(1);
      assertFalse(
          never.await(HandlerTimings.PRODUCTION.round().toMillis() + 500, TimeUnit.MILLISECONDS));
      assertTrue(load(runtime).events() <= 15, () -> load(runtime).toString());

      gated.open();
      stage.topics().awaitCommitted(CHAT, 0, 60);
    }
  }

  private Map<String, Object> withFewRecords() {
    Map<String, Object> kafka = new HashMap<>(stage.kafka());
    kafka.put("max.poll.records", 5);
    return kafka;
  }
}
