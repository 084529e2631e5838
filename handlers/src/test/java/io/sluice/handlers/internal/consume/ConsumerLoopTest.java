package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTimeout;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What is handled and committed, also when partitions move and consumers break. */
class ConsumerLoopTest {

  private final LoopFixture fixture = new LoopFixture();

  @AfterEach
  void endThreads() {
    fixture.close();
  }

  @Test
  void commitsNoFurtherThanTheFirstUnfinished() throws Exception {
    fixture.begin();
    CountDownLatch gate = fixture.handler.gate("b");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.first().addRecord(Records.event("b", "2", 0, 1));
    fixture.first().addRecord(Records.event("c", "3", 0, 2));

    fixture.turnUntil(
        "a and c are done", () -> Long.valueOf(1).equals(fixture.first().lastCommit(P0)));
    fixture.turnUntil("all are begun", () -> fixture.handler.begun.size() == 3);
    gate.countDown();
    fixture.turnUntil("all are done", () -> Long.valueOf(3).equals(fixture.first().lastCommit(P0)));
  }

  /** As with a topic that was deleted and recreated, whose known offsets are invalid. */
  @Test
  void beginsAnewWhereAPartitionIsSetBack() throws Exception {
    fixture.begin();
    for (int offset = 0; offset < 3; offset++) {
      fixture.first().addRecord(Records.event("old-" + offset, "1", 0, offset));
    }
    fixture.turnUntil("all are done", () -> Long.valueOf(3).equals(fixture.first().lastCommit(P0)));

    fixture.first().seek(P0, 0);
    fixture.first().addRecord(Records.event("new-0", "1", 0, 0));
    fixture.turnUntil("it is done", () -> Long.valueOf(1).equals(fixture.first().lastCommit(P0)));
    assertTrue(fixture.handler.begun.contains("new-0"));
  }

  @Test
  void tellsHowOldTheOldestUnfinishedEventIs() throws Exception {
    fixture.begin();
    CountDownLatch gate = fixture.handler.gate("a");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.turnUntil("a is begun", () -> fixture.handler.begun.contains("a"));
    Optional<Instant> created = Optional.of(Instant.ofEpochMilli(Records.TIMESTAMP));
    fixture.turnUntil("its time is known", () -> fixture.processor.load().oldest().equals(created));

    gate.countDown();
    fixture.turnUntil("none is left", () -> fixture.processor.load().oldest().isEmpty());
  }

  @Test
  void aWakeUpThatComesTooLateForThePollKeepsTheConsumer() throws Exception {
    fixture.begin();
    fixture.first().wakesAtPosition();
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.turnUntil("a is done", () -> Long.valueOf(1).equals(fixture.first().lastCommit(P0)));

    assertFalse(fixture.first().closed());
    assertEquals(List.of("a"), fixture.handler.begun);
    assertEquals(Optional.empty(), fixture.loop.problem());
  }

  @Test
  void beginsNothingOfAnAggregateBeforeTheOneInFrontIsDone() throws Exception {
    fixture.begin();
    CountDownLatch gate = fixture.handler.gate("a");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.first().addRecord(Records.event("b", "1", 0, 1));
    fixture.first().addRecord(Records.event("c", "2", 0, 2));
    fixture.turnUntil("a and c are begun", () -> fixture.handler.begun.size() == 2);
    assertFalse(fixture.handler.begun.contains("b"));

    gate.countDown();
    fixture.turnUntil("b is begun", () -> fixture.handler.begun.contains("b"));
  }

  @Test
  void forgetsWhatHasGoneToAnotherWorker() throws Exception {
    fixture.loop.runOnce();
    fixture.first().rebalance(List.of(P0, P1));
    CountDownLatch gate = fixture.handler.gate("a");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.first().addRecord(Records.event("b", "1", 0, 1));
    fixture.turnUntil("a is begun", () -> fixture.handler.begun.contains("a"));
    gate.countDown();
    fixture.first().rebalance(List.of(P1));

    assertEquals(1, fixture.first().lastCommit(P0), "what was in hand is finished and committed");
    fixture.turnUntil("nothing is left", () -> fixture.processor.load().events() == 0);
    assertEquals(List.of("a"), fixture.handler.begun);
  }

  @Test
  void waitsForWhatIsInHandOfThePartitionsThatGoAndOfNoOther() throws Exception {
    fixture.loop.runOnce();
    fixture.first().rebalance(List.of(P0, P1));
    CountDownLatch going = fixture.handler.gate("a");
    CountDownLatch staying = fixture.handler.gate("b");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.first().addRecord(Records.event("b", "2", 1, 0));
    fixture.turnUntil("both are begun", () -> fixture.handler.begun.size() == 2);
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
    assertTimeout(Duration.ofSeconds(4), () -> fixture.first().rebalance(List.of(P1)));
    over.set(true);
    opener.join();

    assertEquals(1, fixture.first().lastCommit(P0), "what goes is finished and committed");
    assertNull(fixture.first().lastCommit(P1), "what stays is not waited for");
    staying.countDown();
    fixture.turnUntil(
        "the other is done", () -> Long.valueOf(1).equals(fixture.first().lastCommit(P1)));
  }

  @Test
  void aNewConsumerDoesNotOvertakeWhatTheFormerHasInHand() throws Exception {
    fixture.begin();
    CountDownLatch gate = fixture.handler.gate("a");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.turnUntil("a is begun", () -> fixture.handler.begun.contains("a"));
    fixture.first().setPollException(new KafkaException("broken"));
    fixture.loop.runOnce();
    assertTrue(fixture.first().closed());
    fixture.loop.runOnce();
    fixture.second().rebalance(List.of(P0));

    fixture.second().addRecord(Records.event("a", "1", 0, 0));
    fixture.second().addRecord(Records.event("b", "2", 0, 1));
    fixture.turnUntil("b is begun", () -> fixture.handler.begun.contains("b"));
    assertEquals(List.of("a", "b"), fixture.handler.begun);
    assertNull(fixture.second().lastCommit(P0));

    gate.countDown();
    fixture.turnUntil("a is handled again", () -> fixture.handler.begun.size() == 3);
    fixture.turnUntil(
        "all are done", () -> Long.valueOf(2).equals(fixture.second().lastCommit(P0)));
  }

  @Test
  void whatFailsAfterItsConsumerBrokeIsTheNextDeliverysToTry() throws Exception {
    fixture.begin();
    CountDownLatch gate = fixture.handler.gate("a");
    fixture.handler.failing.add("a");
    fixture.first().addRecord(Records.event("a", "1", 0, 0));
    fixture.turnUntil("a is begun", () -> fixture.handler.begun.contains("a"));
    fixture.first().setPollException(new KafkaException("broken"));
    fixture.loop.runOnce();
    fixture.loop.runOnce();
    fixture.second().rebalance(List.of(P0));
    fixture.second().addRecord(Records.event("a", "1", 0, 0));
    fixture.second().addRecord(Records.event("b", "1", 0, 1));
    fixture.loop.runOnce();

    gate.countDown();
    fixture.turnUntil(
        "all are done", () -> Long.valueOf(2).equals(fixture.second().lastCommit(P0)));
    assertEquals(List.of("a", "a", "b"), fixture.handler.begun);
  }

  @Test
  void finishesWhatIsInHandWhenStopped() throws Exception {
    Thread thread = new Thread(fixture.loop);
    thread.start();
    until(
        "a consumer",
        () -> !fixture.consumers.isEmpty() && !fixture.first().subscription().isEmpty());
    fixture.first().schedulePollTask(() -> fixture.first().rebalance(List.of(P0)));
    until("an assignment", () -> fixture.first().assignment().contains(P0));
    CountDownLatch gate = fixture.handler.gate("a");
    fixture
        .first()
        .schedulePollTask(() -> fixture.first().addRecord(Records.event("a", "1", 0, 0)));
    until("a begun", () -> fixture.handler.begun.contains("a"));

    fixture.loop.stop(Duration.ofSeconds(60));
    gate.countDown();
    thread.join(60_000);

    assertFalse(thread.isAlive());
    assertTrue(fixture.first().closed());
    assertEquals(1, fixture.first().lastCommit(P0));
    assertEquals(List.of(), fixture.loop.abandoned());
  }
}
