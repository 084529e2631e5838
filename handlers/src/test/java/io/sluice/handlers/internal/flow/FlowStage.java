package io.sluice.handlers.internal.flow;

import static io.sluice.handlers.Until.until;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.count.OutcomeCounters;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.deadletter.NoLetters;
import io.sluice.handlers.internal.deadletter.RecordOrigin;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;

/** A flow with rows at hand, a clock that stands still, and calls that the test ends. */
final class FlowStage implements AutoCloseable {

  static final Duration WAIT = Duration.ofSeconds(2);
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** Longer than a row is taken for known. */
  static final Duration STALE = Duration.ofSeconds(6);

  private static final ShardId SHARD = ShardId.of("shard-1");

  final HeldRows rows = new HeldRows();
  final SettableClock clock = new SettableClock();
  final OutcomeCounters counters = new OutcomeCounters();
  final EventFlow flow;

  /** By id, as they were added last. */
  final Map<String, Task> tasks = new HashMap<>();

  private final Begun begun = new Begun();
  private final HandlerCalls calls;
  private final DeadLetters letters = new DeadLetters(new NoLetters(), "test-letters-");

  /** Remembers calls in their order. */
  private static final class Begun implements AsyncEventHandler {

    private final List<HandledEvent> events = new CopyOnWriteArrayList<>();
    private final List<CompletableFuture<String>> stages = new CopyOnWriteArrayList<>();

    @Override
    public synchronized CompletionStage<?> handle(HandledEvent event) {
      CompletableFuture<String> stage = new CompletableFuture<>();
      stages.add(stage);
      events.add(event);
      return stage;
    }
  }

  private FlowStage(FlowSettings settings, RetryPolicy policy) {
    calls =
        HandlerCalls.of(
            new HandlerTable(Map.of(), new Registration(begun, policy)), null, "test-worker-", 4);
    flow = new EventFlow(settings, rows, calls, letters, counters, clock);
  }

  /** So many calls at a time. */
  static FlowStage of(int concurrency) {
    return of(concurrency, WhileWaiting.HOLD, AfterFailure.CONTINUE);
  }

  static FlowStage of(int concurrency, WhileWaiting waiting, AfterFailure failure) {
    return of(
        concurrency,
        waiting,
        failure,
        RetryPolicy.exponential(WAIT, WAIT).withJitter(0).withTimeout(TIMEOUT));
  }

  static FlowStage waiting(RetryPolicy policy) {
    return of(4, WhileWaiting.HOLD, AfterFailure.CONTINUE, policy);
  }

  static FlowStage of(
      int concurrency, WhileWaiting waiting, AfterFailure failure, RetryPolicy policy) {
    return new FlowStage(
        new FlowSettings(EventDomain.CHAT, "g", concurrency, 100, 100, waiting, failure), policy);
  }

  /** An event whose row is as the test has set it, or PENDING. */
  TestPlace add(String id, String room) {
    return add(id, room, "{}");
  }

  TestPlace add(String id, String room, String payload) {
    return add(SHARD, id, room, payload);
  }

  TestPlace add(ShardId shard, String id, String room, String payload) {
    return add(shard, id, room, payload, 0);
  }

  /** Its record, made when it was redriven; the row is as the test has set it. */
  TestPlace addRedriven(String id, String room) {
    return add(SHARD, id, room, "{}", 1);
  }

  private TestPlace add(ShardId shard, String id, String room, String payload, int redrives) {
    TestPlace place = new TestPlace();
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id(id)
            .shard(shard)
            .aggregate("room", room)
            .payload(payload)
            .build();
    RecordOrigin origin =
        new RecordOrigin(
            "outbox.event.chat", 0, 0, 0, TimestampType.CREATE_TIME, new RecordHeaders());
    Task task = new Task(event, origin, place, redrives);
    tasks.put(id, task);
    flow.add(task);
    flow.turn();
    return place;
  }

  TestPlace addPending(String id, String room) {
    rows.set(id, OutboxStatus.PENDING);
    return add(id, room);
  }

  static AggregateKey aggregate(String room) {
    return new AggregateKey(SHARD, "room", room);
  }

  /** The event of each call, in the order of the calls, once there are so many. */
  List<String> begun(int count) throws Exception {
    until(count + " calls", () -> begun.events.size() >= count);
    return begun.events.stream().map(HandledEvent::id).toList();
  }

  int underWay() {
    flow.turn();
    return flow.load().calls();
  }

  /** The call of this number, from 1, succeeds. */
  void succeed(int call) throws Exception {
    stage(call).complete("done");
    flow.turn();
    flow.turn();
  }

  void fail(int call) throws Exception {
    stage(call).completeExceptionally(new IllegalStateException("once"));
    flow.turn();
    flow.turn();
  }

  CompletableFuture<String> stage(int call) throws Exception {
    begun(call);
    CompletableFuture<String> stage = begun.stages.get(call - 1);
    until("its end is waited for", () -> stage.getNumberOfDependents() > 0);
    return stage;
  }

  /** Time goes by, and what is due is done. */
  void pass(Duration time) {
    clock.advance(time);
    rows.age(time);
    flow.turn();
    flow.turn();
  }

  @Override
  public void close() {
    begun.stages.forEach(stage -> stage.complete("at the end"));
    calls.close();
    letters.close();
  }
}
