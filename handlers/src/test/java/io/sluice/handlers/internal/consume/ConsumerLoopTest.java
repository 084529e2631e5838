package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.Logged;
import io.sluice.handlers.SettableClock;
import io.sluice.handlers.Until;
import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.api.WhileWaiting;
import io.sluice.handlers.internal.HandlerTimings;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.deadletter.NoLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.HandlerTable;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.process.EventProcessor;
import io.sluice.handlers.internal.process.ProcessingSettings;
import io.sluice.handlers.internal.status.ObserverRows;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumerLoopTest {

  private static final int BUFFERED = 10;

  private final List<RememberingConsumer> consumers = new CopyOnWriteArrayList<>();
  private final GatedHandler handler = new GatedHandler();
  private final HandlerCalls calls =
      HandlerCalls.of(
          new HandlerTable(Map.of(), new Registration(handler, RetryPolicy.DEFAULT)),
          null,
          new ObserverRows(),
          "test-worker-",
          4);
  private final DeadLetters letters =
      new DeadLetters(NoLetters.producer(), any -> Optional.empty(), "test-letters-");
  private final SettableClock clock = new SettableClock();
  private final EventProcessor processor =
      new EventProcessor(
          new ProcessingSettings(
              EventDomain.CHAT,
              "g",
              4,
              BUFFERED,
              1_000_000,
              WhileWaiting.HOLD,
              AfterFailure.CONTINUE,
              Duration.ofDays(7),
              HandlerTimings.PRODUCTION),
          new ObserverRows(),
          calls,
          letters,
          clock);
  private final ConsumerLoop loop =
      new ConsumerLoop(
          new DomainStream(EventDomain.CHAT, Records.TOPIC, "g"), this::open, processor, clock);

  /** Records its events, and returns only when the gate is open. */
  private static final class GatedHandler implements EventHandler {

    private final List<String> begun = new CopyOnWriteArrayList<>();
    private final Set<String> failing = ConcurrentHashMap.newKeySet();
    private final Map<String, CountDownLatch> gates = new ConcurrentHashMap<>();

    CountDownLatch gate(String id) {
      CountDownLatch gate = new CountDownLatch(1);
      gates.put(id, gate);
      return gate;
    }

    @Override
    public void handle(HandledEvent event) throws Exception {
      begun.add(event.id());
      CountDownLatch gate = gates.get(event.id());
      if (gate != null) {
        gate.await();
      }
      if (failing.remove(event.id())) {
        throw new IllegalStateException("once");
      }
    }
  }

  private Consumer<byte[], byte[]> open() {
    consumers.add(RememberingConsumer.withTopic());
    return consumers.get(consumers.size() - 1);
  }

  private RememberingConsumer first() {
    return consumers.get(0);
  }

  private RememberingConsumer second() {
    return consumers.get(1);
  }

  private void begin() {
    loop.runOnce();
    first().rebalance(List.of(P0));
  }

  /** Runs turns until the condition holds. */
  private void turnUntil(String what, Until.Condition condition) throws Exception {
    until(
        what,
        () -> {
          loop.runOnce();
          clock.advance(Duration.ofMillis(200));
          return condition.holds();
        });
  }

  @AfterEach
  void endThreads() {
    handler.gates.values().forEach(CountDownLatch::countDown);
    calls.close();
    letters.close();
  }

  @Test
  void commitsNoFurtherThanTheFirstUnfinished() throws Exception {
    begin();
    CountDownLatch gate = handler.gate("b");
    first().addRecord(Records.event("a", "1", 0, 0));
    first().addRecord(Records.event("b", "2", 0, 1));
    first().addRecord(Records.event("c", "3", 0, 2));

    turnUntil("a and c are done", () -> Long.valueOf(1).equals(first().lastCommit(P0)));
    turnUntil("all are begun", () -> handler.begun.size() == 3);
    gate.countDown();
    turnUntil("all are done", () -> Long.valueOf(3).equals(first().lastCommit(P0)));
  }

  /** As with a topic that was deleted and recreated, whose known offsets are invalid. */
  @Test
  void beginsAnewWhereAPartitionIsSetBack() throws Exception {
    begin();
    for (int offset = 0; offset < 3; offset++) {
      first().addRecord(Records.event("old-" + offset, "1", 0, offset));
    }
    turnUntil("all are done", () -> Long.valueOf(3).equals(first().lastCommit(P0)));

    first().seek(P0, 0);
    first().addRecord(Records.event("new-0", "1", 0, 0));
    turnUntil("it is done", () -> Long.valueOf(1).equals(first().lastCommit(P0)));
    assertTrue(handler.begun.contains("new-0"));
  }

  @Test
  void logsRecordsThatWereDeletedWhileTheirPartitionWasPaused() throws Exception {
    try (Logged logged = Logged.by(TopicCheck.class)) {
      begin();
      CountDownLatch gate = handler.gate("e0");
      for (int offset = 0; offset < BUFFERED; offset++) {
        first().addRecord(Records.event("e" + offset, "1", 0, offset));
      }
      turnUntil("the buffer is full", () -> first().paused().contains(P0));
      clock.advance(Duration.ofMinutes(2));
      first().updateBeginningOffsets(Map.of(P0, 50L));
      gate.countDown();

      turnUntil("it is read again", () -> first().paused().isEmpty());
      assertEquals(
          List.of("the records from offset 10 to 49"),
          logged.events().stream()
              .map(
                  event ->
                      event.getFormattedMessage().replaceAll(".*(the records.*\\d) before.*", "$1"))
              .toList());
    }
  }

  @Test
  void tellsHowOldTheOldestUnfinishedEventIs() throws Exception {
    begin();
    CountDownLatch gate = handler.gate("a");
    first().addRecord(Records.event("a", "1", 0, 0));
    turnUntil("a is begun", () -> handler.begun.contains("a"));
    Optional<Instant> created = Optional.of(Instant.ofEpochMilli(Records.TIMESTAMP));
    turnUntil("its time is known", () -> processor.load().oldest().equals(created));

    gate.countDown();
    turnUntil("none is left", () -> processor.load().oldest().isEmpty());
  }

  @Test
  void aWakeUpThatComesTooLateForThePollKeepsTheConsumer() throws Exception {
    begin();
    first().wakesAtPosition();
    first().addRecord(Records.event("a", "1", 0, 0));
    turnUntil("a is done", () -> Long.valueOf(1).equals(first().lastCommit(P0)));

    assertFalse(first().closed());
    assertEquals(List.of("a"), handler.begun);
    assertEquals(Optional.empty(), loop.problem());
  }

  @Test
  void beginsNothingOfAnAggregateBeforeTheOneInFrontIsDone() throws Exception {
    begin();
    CountDownLatch gate = handler.gate("a");
    first().addRecord(Records.event("a", "1", 0, 0));
    first().addRecord(Records.event("b", "1", 0, 1));
    first().addRecord(Records.event("c", "2", 0, 2));
    turnUntil("a and c are begun", () -> handler.begun.size() == 2);
    assertFalse(handler.begun.contains("b"));

    gate.countDown();
    turnUntil("b is begun", () -> handler.begun.contains("b"));
  }

  @Test
  void forgetsWhatHasGoneToAnotherWorker() throws Exception {
    loop.runOnce();
    first().rebalance(List.of(P0, P1));
    CountDownLatch gate = handler.gate("a");
    first().addRecord(Records.event("a", "1", 0, 0));
    first().addRecord(Records.event("b", "1", 0, 1));
    turnUntil("a is begun", () -> handler.begun.contains("a"));
    gate.countDown();
    first().rebalance(List.of(P1));

    assertEquals(1, first().lastCommit(P0), "what was in hand is finished and committed");
    turnUntil("nothing is left", () -> processor.load().events() == 0);
    assertEquals(List.of("a"), handler.begun);
  }

  @Test
  void waitsForWhatIsInHandOfThePartitionsThatGoAndOfNoOther() throws Exception {
    loop.runOnce();
    first().rebalance(List.of(P0, P1));
    CountDownLatch going = handler.gate("a");
    CountDownLatch staying = handler.gate("b");
    first().addRecord(Records.event("a", "1", 0, 0));
    first().addRecord(Records.event("b", "2", 1, 0));
    turnUntil("both are begun", () -> handler.begun.size() == 2);
    Thread worker = Thread.currentThread();
    AtomicBoolean over = new AtomicBoolean();
    Thread opener =
        new Thread(
            () -> {
              while (worker.getState() != Thread.State.TIMED_WAITING && !over.get()) {
                Thread.onSpinWait();
              }
              going.countDown();
            });
    opener.start();
    // For the other partition, the handover would wait for its timeout of five seconds.
    assertTimeout(Duration.ofSeconds(4), () -> first().rebalance(List.of(P1)));
    over.set(true);
    opener.join();

    assertEquals(1, first().lastCommit(P0), "what goes is finished and committed");
    assertNull(first().lastCommit(P1), "what stays is not waited for");
    staying.countDown();
    turnUntil("the other is done", () -> Long.valueOf(1).equals(first().lastCommit(P1)));
  }

  @Test
  void aNewConsumerDoesNotOvertakeWhatTheFormerHasInHand() throws Exception {
    begin();
    CountDownLatch gate = handler.gate("a");
    first().addRecord(Records.event("a", "1", 0, 0));
    turnUntil("a is begun", () -> handler.begun.contains("a"));
    first().setPollException(new KafkaException("broken"));
    loop.runOnce();
    assertTrue(first().closed());
    loop.runOnce();
    second().rebalance(List.of(P0));

    second().addRecord(Records.event("a", "1", 0, 0));
    second().addRecord(Records.event("b", "2", 0, 1));
    turnUntil("b is begun", () -> handler.begun.contains("b"));
    assertEquals(List.of("a", "b"), handler.begun);
    assertNull(second().lastCommit(P0));

    gate.countDown();
    turnUntil("a is handled again", () -> handler.begun.size() == 3);
    turnUntil("all are done", () -> Long.valueOf(2).equals(second().lastCommit(P0)));
  }

  @Test
  void whatFailsAfterItsConsumerBrokeIsTheNextDeliverysToTry() throws Exception {
    begin();
    CountDownLatch gate = handler.gate("a");
    handler.failing.add("a");
    first().addRecord(Records.event("a", "1", 0, 0));
    turnUntil("a is begun", () -> handler.begun.contains("a"));
    first().setPollException(new KafkaException("broken"));
    loop.runOnce();
    loop.runOnce();
    second().rebalance(List.of(P0));
    second().addRecord(Records.event("a", "1", 0, 0));
    second().addRecord(Records.event("b", "1", 0, 1));
    loop.runOnce();

    gate.countDown();
    turnUntil("all are done", () -> Long.valueOf(2).equals(second().lastCommit(P0)));
    assertEquals(List.of("a", "a", "b"), handler.begun);
  }

  @Test
  void aFullBufferOfWhichNothingIsFinishedIsToldOnceWithWhatIsWaitedFor() throws Exception {
    begin();
    List<CountDownLatch> gates = new ArrayList<>();
    for (int i = 0; i < BUFFERED; i++) {
      gates.add(handler.gate("e" + i));
      first().addRecord(Records.event("e" + i, "room-" + i, 0, i));
    }
    try (Logged logged = Logged.by(EventProcessor.class)) {
      turnUntil("the buffer is full", processor::isFull);
      clock.advance(Duration.ofSeconds(29));
      turnUntil("the places are taken", () -> handler.begun.size() == 4);
      clock.advance(Duration.ofSeconds(31));
      loop.runOnce();
      clock.advance(Duration.ofSeconds(31));
      loop.runOnce();

      String told = logged.events().get(0).getFormattedMessage();
      assertEquals(1, logged.events().size(), logged.events().toString());
      assertTrue(told.contains("CHAT"), told);
      assertTrue(told.contains("4 of shard 'shard-1' wait for their handlers to end"), told);
      assertTrue(told.contains("6 of shard 'shard-1' wait for a handler to be free"), told);
      gates.forEach(CountDownLatch::countDown);
      turnUntil("all are done", () -> Long.valueOf(BUFFERED).equals(first().lastCommit(P0)));
    }
  }

  @Test
  void tellsEachChangeOfHealthOnce() {
    try (Logged logged = Logged.by(StreamHealth.class)) {
      begin();
      for (int i = 0; i < 3; i++) {
        consumers.get(consumers.size() - 1).setPollException(new TopicAuthorizationException("no"));
        loop.runOnce();
        loop.runOnce();
      }
      clock.advance(Duration.ofMinutes(1));
      loop.runOnce();
      loop.runOnce();

      assertEquals(
          List.of(Level.ERROR, Level.INFO),
          logged.events().stream().map(ILoggingEvent::getLevel).toList());
      assertTrue(logged.events().get(0).getFormattedMessage().contains("outbox.event.chat"));
    }
  }

  @Test
  void anErrorIsShownUntilTheTopicIsReadAgain() {
    begin();
    assertEquals(Optional.empty(), loop.problem());
    try (Logged logged = Logged.by(StreamHealth.class)) {
      first()
          .schedulePollTask(
              () -> {
                throw new NoSuchMethodError("nextOffsets");
              });
      loop.runOnce();
      assertTrue(loop.problem().orElseThrow().contains("nextOffsets"));
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("the class path has libraries of other versions"), message);
    }
    loop.runOnce();
    clock.advance(Duration.ofMinutes(1));
    loop.runOnce();
    assertEquals(Optional.empty(), loop.problem());
  }

  @Test
  void anEndThatNobodyAskedForIsShown() {
    begin();
    first()
        .schedulePollTask(
            () -> {
              throw new InterruptException("as if");
            });
    loop.run();
    assertTrue(Thread.interrupted());
    assertTrue(loop.problem().orElseThrow().contains("has ended"));
  }

  @Test
  void keepsTheConsumerWhileTheTopicIsMissing() {
    begin();
    first().rebalance(List.of());
    first().updatePartitions(Records.TOPIC, List.of());
    clock.advance(Duration.ofMinutes(1));

    try (Logged logged = Logged.by(StreamHealth.class)) {
      loop.runOnce();
      loop.runOnce();

      assertEquals(1, logged.events().size());
      assertEquals(
          "handlers of domain CHAT wait: topic 'outbox.event.chat' of domain CHAT does not exist on"
              + " the brokers: let the relay provision it, or correct the topic template",
          logged.events().get(0).getFormattedMessage());
    }
    assertEquals(1, consumers.size());
    assertFalse(first().closed());
  }

  @Test
  void finishesWhatIsInHandWhenStopped() throws Exception {
    Thread thread = new Thread(loop);
    thread.start();
    until("a consumer", () -> !consumers.isEmpty() && !first().subscription().isEmpty());
    first().schedulePollTask(() -> first().rebalance(List.of(P0)));
    until("an assignment", () -> first().assignment().contains(P0));
    CountDownLatch gate = handler.gate("a");
    first().schedulePollTask(() -> first().addRecord(Records.event("a", "1", 0, 0)));
    until("a begun", () -> handler.begun.contains("a"));

    loop.stop(Duration.ofSeconds(60));
    gate.countDown();
    thread.join(60_000);

    assertFalse(thread.isAlive());
    assertTrue(first().closed());
    assertEquals(1, first().lastCommit(P0));
    assertEquals(List.of(), loop.abandoned());
  }
}
