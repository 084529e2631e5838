package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.Until;
import io.sluice.handlers.api.MissingTopicException;
import io.sluice.handlers.internal.work.OutcomeCounters;
import io.sluice.handlers.internal.work.Progress;
import io.sluice.handlers.internal.work.StepResult;
import io.sluice.handlers.internal.work.WorkerPool;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumerSessionTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private final RememberingConsumer kafka = RememberingConsumer.withTopic();
  private final ScriptedWork work = new ScriptedWork();
  private final WorkerPool pool = WorkerPool.of(work, "test-worker", 4);
  private final OutcomeCounters counters = new OutcomeCounters();
  private final SettableClock clock = new SettableClock();
  private final ConsumerSession session =
      new ConsumerSession(
          new DomainStream(EventDomain.CHAT, Records.TOPIC, "g"), kafka, pool, counters, clock);

  private void begin(TopicPartition... partitions) {
    session.turn();
    kafka.rebalance(List.of(partitions));
  }

  @AfterEach
  void endThreads() throws InterruptedException {
    pool.abandon();
    assertTrue(pool.awaitEnd(Duration.ofSeconds(10)));
  }

  private void turnUntil(String what, Until.Condition condition) throws Exception {
    until(
        what,
        () -> {
          session.turn();
          return condition.holds();
        });
  }

  private void turnUntilCommitted(TopicPartition partition, long offset) throws Exception {
    turnUntil(
        "%s committed up to %d".formatted(partition, offset),
        () -> Long.valueOf(offset).equals(kafka.lastCommit(partition)));
  }

  @Test
  void worksInOrderAndCommitsBehind() throws Exception {
    begin(P0);
    kafka.addRecord(Records.event("a", 0, 0));
    kafka.addRecord(Records.event("b", 0, 1));

    turnUntilCommitted(P0, 2);

    assertEquals(List.of("a", "b"), work.started());
  }

  @Test
  void commitsNothingThatIsNotFinished() throws Exception {
    begin(P0, P1);
    CountDownLatch gate = work.gate("b");
    kafka.addRecord(Records.event("a", 0, 0));
    kafka.addRecord(Records.event("b", 0, 1));
    kafka.addRecord(Records.event("c", 0, 2));
    kafka.addRecord(Records.event("x", 1, 0));

    turnUntilCommitted(P0, 1);
    turnUntilCommitted(P1, 1);

    assertEquals(Set.of(P0), kafka.paused());
    assertFalse(work.started().contains("c"));
    gate.countDown();
    turnUntilCommitted(P0, 3);
    assertEquals(Set.of(), kafka.paused());
  }

  @Test
  void waitsForTheTimeOfTheNextAttemptInOnePartitionAlone() throws Exception {
    begin(P0, P1);
    work.result("a", new StepResult.Later(Progress.BEGIN, Duration.ofMinutes(1)));
    kafka.addRecord(Records.event("a", 0, 0));
    kafka.addRecord(Records.event("b", 0, 1));
    kafka.addRecord(Records.event("x", 1, 0));
    turnUntilCommitted(P1, 1);
    Duration minute = Duration.ofMinutes(1);
    turnUntil("its wait", () -> session.lanes().untilDue(minute.plus(SECOND)).equals(minute));
    assertEquals(Set.of(P0), kafka.paused());

    clock.advance(Duration.ofSeconds(59));
    session.turn();
    session.turn();
    assertEquals(1, work.started().stream().filter("a"::equals).count());
    assertNull(kafka.lastCommit(P0));

    clock.advance(SECOND);
    turnUntilCommitted(P0, 2);
    assertEquals(2, work.started().stream().filter("a"::equals).count());
  }

  @Test
  void stopsABlockedPartitionWhereItIs() throws Exception {
    begin(P0, P1);
    work.result("a", new StepResult.Blocked("unknown shard"));
    kafka.addRecord(Records.event("a", 0, 0));
    kafka.addRecord(Records.event("b", 0, 1));
    kafka.addRecord(Records.event("x", 1, 0));

    turnUntilCommitted(P1, 1);
    clock.advance(Duration.ofDays(1));
    kafka.addRecord(Records.event("y", 1, 1));
    turnUntilCommitted(P1, 2);

    assertNull(kafka.lastCommit(P0));
    assertEquals(Set.of(P0), kafka.paused());
    assertFalse(work.started().contains("b"));
  }

  @Test
  void passesOverForeignRecords() throws Exception {
    begin(P0);
    kafka.addRecord(Records.foreign(0, 0));
    kafka.addRecord(Records.event("a", 0, 1));
    kafka.addRecord(Records.foreign(0, 2));

    turnUntilCommitted(P0, 3);

    assertEquals(List.of("a"), work.started());
    assertEquals(2, counters.foreign());
  }

  @Test
  void letsWorkersFinishWhatIsRevokedAndCommitsIt() throws Exception {
    begin(P0, P1);
    CountDownLatch gate = work.gate("b");
    kafka.addRecord(Records.event("a", 0, 0));
    kafka.addRecord(Records.event("b", 0, 1));
    kafka.addRecord(Records.event("c", 0, 2));
    turnUntil("b begun", () -> work.started().contains("b"));
    Thread consumer = Thread.currentThread();
    CompletableFuture<Void> released =
        CompletableFuture.runAsync(
            () -> {
              while (consumer.getState() != Thread.State.TIMED_WAITING) {
                Thread.onSpinWait();
              }
              gate.countDown();
            });

    kafka.rebalance(List.of(P1));

    released.get(10, TimeUnit.SECONDS);
    assertEquals(2, kafka.lastCommit(P0));
    session.turn();
    assertFalse(work.started().contains("c"));
  }

  @Test
  void doesNotOvertakeAWorkerThatIsStillBusyWithAReturningPartition() throws Exception {
    begin(P0, P1);
    CountDownLatch gate = work.gate("a");
    kafka.addRecord(Records.event("a", 0, 0));
    turnUntil("a begun", () -> work.started().contains("a"));
    PartitionHandover handover = new PartitionHandover(session.lanes(), new OffsetCommitter(kafka));

    handover.onPartitionsLost(List.of(P0));
    assertNull(kafka.lastCommit(P0));
    kafka.seek(P0, 0);
    kafka.addRecord(Records.event("a", 0, 0));
    kafka.addRecord(Records.event("x", 1, 0));
    turnUntilCommitted(P1, 1);
    assertEquals(List.of("a", "x"), work.started());

    gate.countDown();
    turnUntilCommitted(P0, 1);
    assertEquals(List.of("a", "x", "a"), work.started());
  }

  @Test
  void commitsWhatIsFinishedWhenClosed() throws Exception {
    begin(P0);
    kafka.addRecord(Records.event("a", 0, 0));
    turnUntil("a begun", () -> work.started().contains("a"));

    assertTrue(session.awaitWorkers(SECOND));
    session.close(SECOND);

    assertTrue(kafka.closed());
    assertEquals(1, kafka.lastCommit(P0));
    assertEquals(List.of(), session.halfDone());
  }

  @Test
  void doesNotSubscribeToAMissingTopic() {
    kafka.updatePartitions(Records.TOPIC, List.of());

    MissingTopicException missing = assertThrows(MissingTopicException.class, () -> session.turn());

    assertEquals(Records.TOPIC, missing.topic());
    assertTrue(kafka.subscription().isEmpty());
  }

  @Test
  void noticesThatTheTopicWasDeleted() throws Exception {
    begin(P0);
    session.turn();
    kafka.rebalance(List.of());
    kafka.updatePartitions(Records.TOPIC, List.of());

    clock.advance(Duration.ofMinutes(1));

    assertThrows(MissingTopicException.class, () -> session.turn());
  }

  @Test
  void isSoundOnceARecordHasComeOrAWhileHasGoneWell() throws Exception {
    begin(P0);
    session.turn();
    assertFalse(session.isSound());

    clock.advance(Duration.ofSeconds(10));
    session.turn();

    assertTrue(session.isSound());
  }
}
