package io.sluice.handlers.internal.consume;

import static io.sluice.handlers.Until.until;
import static io.sluice.handlers.internal.consume.RememberingConsumer.P0;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.Logged;
import io.sluice.handlers.internal.work.OutcomeCounters;
import io.sluice.handlers.internal.work.WorkerPool;
import io.sluice.outbox.EventDomain;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ConsumerLoopTest {

  private final List<RememberingConsumer> consumers = new CopyOnWriteArrayList<>();
  private final ScriptedWork work = new ScriptedWork();
  private final WorkerPool pool = WorkerPool.of(work, "test-worker", 4);
  private final SettableClock clock = new SettableClock();
  private final ConsumerLoop loop =
      new ConsumerLoop(
          new DomainStream(EventDomain.CHAT, Records.TOPIC, "g"),
          this::open,
          pool,
          new OutcomeCounters(),
          clock);

  private Consumer<byte[], byte[]> open() {
    consumers.add(RememberingConsumer.withTopic());
    return consumers.get(consumers.size() - 1);
  }

  private RememberingConsumer first() {
    return consumers.get(0);
  }

  private void begin() {
    loop.runOnce();
    first().rebalance(List.of(P0));
  }

  @AfterEach
  void endThreads() throws InterruptedException {
    pool.abandon();
    assertTrue(pool.awaitEnd(Duration.ofSeconds(10)));
  }

  @Test
  void opensANewConsumerAfterAFailure() {
    begin();
    first().setPollException(new KafkaException("broken"));

    loop.runOnce();
    loop.runOnce();

    assertTrue(first().closed());
    assertEquals(2, consumers.size());
    assertFalse(consumers.get(1).closed());
  }

  private boolean reopened() {
    loop.runOnce();
    return consumers.size() == 2;
  }

  @Test
  void opensNoConsumerWhileWorkersHaveEventsOfTheFormer() throws Exception {
    begin();
    CountDownLatch gate = work.gate("a");
    first().addRecord(Records.event("a", 0, 0));
    loop.runOnce();
    loop.runOnce();
    until("a begun", () -> work.started().contains("a"));
    first().setPollException(new KafkaException("broken"));
    loop.runOnce();

    loop.runOnce();
    assertEquals(1, consumers.size());

    gate.countDown();
    until("the next consumer", this::reopened);
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
    CountDownLatch gate = work.gate("a");
    first().schedulePollTask(() -> first().addRecord(Records.event("a", 0, 0)));
    until("a begun", () -> work.started().contains("a"));

    loop.stop(Duration.ofSeconds(60));
    gate.countDown();
    thread.join(60_000);

    assertFalse(thread.isAlive());
    assertTrue(first().closed());
    assertEquals(1, first().lastCommit(P0));
  }
}
