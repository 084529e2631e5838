package io.sluice.handlers.internal.process;

import static io.sluice.handlers.Until.until;

import io.sluice.handlers.SettableClock;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.deadletter.NoLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A processor with rows in memory, a clock that only the test moves, and calls that the test ends.
 */
final class ProcessorFixture implements AutoCloseable {

  static final Duration WAIT = Duration.ofSeconds(2);
  static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** A payload that fills the buffer. */
  static final String LONG = "x".repeat(100);

  /** A payload that fills more than half of the buffer. */
  static final String HALF = "x".repeat(52);

  /** The shard of {@link #addAway}. */
  static final ShardId AWAY = ShardId.of("shard-away");

  private static final Duration MINUTE = Duration.ofMinutes(1);

  /** Longer than the row freshness. */
  static final Duration STALE = Duration.ofSeconds(6);

  private static final ShardId SHARD = ShardId.of("shard-1");

  final HeldRows rows = new HeldRows();
  final SettableClock clock = new SettableClock();
  final EventProcessor processor;

  private final Begun begun = new Begun();
  private final HandlerCalls calls;
  private final DeadLetters letters =
      new DeadLetters(NoLetters.producer(), any -> Optional.empty(), "test-letters-");

  /** Records calls in order. */
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

  private ProcessorFixture(ProcessingSettings settings, RetryPolicy policy, boolean isOwner) {
    calls =
        HandlerCalls.of(
            new HandlerTable(Map.of(), new Registration(begun, policy)),
            null,
            rows,
            "test-worker-",
            4);
    processor =
        new EventProcessor(settings, isOwner ? rows : new ObserverRows(), calls, letters, clock);
  }

  /** Creates a processor with this concurrency limit. */
  static ProcessorFixture of(int concurrency) {
    return of(concurrency, WhileWaiting.HOLD, AfterFailure.CONTINUE);
  }

  static ProcessorFixture of(int concurrency, WhileWaiting waiting, AfterFailure failure) {
    return of(
        concurrency,
        waiting,
        failure,
        RetryPolicy.exponential(WAIT, WAIT).withJitter(0).withTimeout(TIMEOUT));
  }

  /** Creates a processor whose retries are a minute apart, with a timeout of a minute. */
  static ProcessorFixture patient(WhileWaiting waiting) {
    return of(
        4,
        waiting,
        AfterFailure.CONTINUE,
        RetryPolicy.exponential(MINUTE, MINUTE).withJitter(0).withTimeout(MINUTE));
  }

  static ProcessorFixture waiting(RetryPolicy policy) {
    return of(4, WhileWaiting.HOLD, AfterFailure.CONTINUE, policy);
  }

  static ProcessorFixture of(
      int concurrency, WhileWaiting waiting, AfterFailure failure, RetryPolicy policy) {
    return new ProcessorFixture(settings(concurrency, waiting, failure), policy, true);
  }

  /** Creates a processor of an observer. */
  static ProcessorFixture observing() {
    return new ProcessorFixture(
        settings(4, WhileWaiting.HOLD, AfterFailure.CONTINUE),
        RetryPolicy.exponential(WAIT, WAIT).withJitter(0),
        false);
  }

  private static ProcessingSettings settings(
      int concurrency, WhileWaiting waiting, AfterFailure failure) {
    return new ProcessingSettings(
        EventDomain.CHAT,
        "g",
        concurrency,
        100,
        100,
        waiting,
        failure,
        Duration.ofDays(7),
        HandlerTimings.PRODUCTION);
  }

  /** Adds an event. Its row is PENDING unless the test has set it. */
  TestRecord add(String id, String room) {
    return add(id, room, "{}");
  }

  TestRecord add(String id, String room, String payload) {
    return add(SHARD, id, room, payload);
  }

  TestRecord add(ShardId shard, String id, String room, String payload) {
    return add(shard, id, room, payload, 0);
  }

  /** Adds the record of a redriven event. The test sets its row. */
  TestRecord addRedriven(String id, String room) {
    return add(SHARD, id, room, "{}", 1);
  }

  private TestRecord add(ShardId shard, String id, String room, String payload, int redrives) {
    TestRecord delivery = new TestRecord(redrives);
    HandledEvent event =
        HandledEvent.builder(EventDomain.CHAT, "message_sent")
            .id(id)
            .shard(shard)
            .aggregate("room", room)
            .payload(payload)
            .build();
    processor.add(event, delivery);
    processor.turn();
    return delivery;
  }

  TestRecord addPending(String id, String room) {
    return addPending(id, room, "{}");
  }

  TestRecord addPending(String id, String room, String payload) {
    rows.set(id, OutboxStatus.PENDING);
    return add(id, room, payload);
  }

  TestRecord addAway(String id, String room, String payload) {
    rows.set(id, OutboxStatus.PENDING);
    return add(AWAY, id, room, payload);
  }

  /** The size of the payloads in memory. */
  long bytes() {
    return processor.load().bytes();
  }

  static AggregateKey aggregate(String room) {
    return new AggregateKey(SHARD, "room", room);
  }

  /**
   * Waits for this number of calls.
   *
   * @return the ids of their events, in order
   */
  List<String> begun(int count) throws Exception {
    until(count + " calls", () -> begun.events.size() >= count);
    return begun.events.stream().map(HandledEvent::id).toList();
  }

  long count(OutcomeCounters.Counter counter) {
    return processor.counters().get(counter);
  }

  /** The events of all calls, in order. */
  List<HandledEvent> called() {
    return List.copyOf(begun.events);
  }

  int underWay() {
    processor.turn();
    return processor.load().calls();
  }

  /** Completes the call of this number, which starts at 1. */
  void succeed(int call) throws Exception {
    stage(call).complete("done");
    processor.turn();
    processor.turn();
  }

  void fail(int call) throws Exception {
    stage(call).completeExceptionally(new IllegalStateException("once"));
    processor.turn();
    processor.turn();
  }

  CompletableFuture<String> stage(int call) throws Exception {
    begun(call);
    CompletableFuture<String> stage = begun.stages.get(call - 1);
    until("its end is waited for", () -> stage.getNumberOfDependents() > 0);
    return stage;
  }

  /** Moves the clock and runs the processor. */
  void pass(Duration time) {
    clock.advance(time);
    rows.age(time);
    processor.turn();
    processor.turn();
    processor.turn();
  }

  @Override
  public void close() {
    begun.stages.forEach(stage -> stage.complete("at the end"));
    calls.close();
    letters.close();
  }
}
