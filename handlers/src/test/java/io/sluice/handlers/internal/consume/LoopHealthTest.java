package io.sluice.handlers.internal.consume;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import io.sluice.handlers.Logged;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a loop shows and logs when it cannot read its topic. */
class LoopHealthTest {

  private final LoopFixture fixture = new LoopFixture();

  @AfterEach
  void endThreads() {
    fixture.close();
  }

  @Test
  void tellsEachChangeOfHealthOnce() {
    try (Logged logged = Logged.by(StreamHealth.class)) {
      fixture.begin();
      for (int i = 0; i < 3; i++) {
        fixture
            .consumers
            .get(fixture.consumers.size() - 1)
            .setPollException(new TopicAuthorizationException("no"));
        fixture.loop.runOnce();
        fixture.loop.runOnce();
      }
      fixture.clock.advance(Duration.ofMinutes(1));
      fixture.loop.runOnce();
      fixture.loop.runOnce();

      assertEquals(
          List.of(Level.ERROR, Level.INFO),
          logged.events().stream().map(ILoggingEvent::getLevel).toList());
      assertTrue(logged.events().get(0).getFormattedMessage().contains("outbox.event.chat"));
    }
  }

  @Test
  void anErrorIsShownUntilTheTopicIsReadAgain() {
    fixture.begin();
    assertEquals(Optional.empty(), fixture.loop.problem());
    try (Logged logged = Logged.by(StreamHealth.class)) {
      fixture
          .first()
          .schedulePollTask(
              () -> {
                throw new NoSuchMethodError("nextOffsets");
              });
      fixture.loop.runOnce();
      assertTrue(fixture.loop.problem().orElseThrow().contains("nextOffsets"));
      String message = logged.events().get(0).getFormattedMessage();
      assertTrue(message.contains("the class path has libraries of other versions"), message);
    }
    fixture.loop.runOnce();
    fixture.clock.advance(Duration.ofMinutes(1));
    fixture.loop.runOnce();
    assertEquals(Optional.empty(), fixture.loop.problem());
  }

  @Test
  void anEndThatNobodyAskedForIsShown() {
    fixture.begin();
    fixture
        .first()
        .schedulePollTask(
            () -> {
              throw new InterruptException("as if");
            });
    fixture.loop.run();
    assertTrue(Thread.interrupted());
    assertTrue(fixture.loop.problem().orElseThrow().contains("has ended"));
  }

  @Test
  void keepsTheConsumerWhileTheTopicIsMissing() {
    fixture.begin();
    fixture.first().rebalance(List.of());
    fixture.first().updatePartitions(Records.TOPIC, List.of());
    fixture.clock.advance(Duration.ofMinutes(1));

    try (Logged logged = Logged.by(StreamHealth.class)) {
      fixture.loop.runOnce();
      fixture.loop.runOnce();

      assertEquals(1, logged.events().size());
      assertEquals(
          "handlers of domain CHAT wait: topic 'outbox.event.chat' of domain CHAT does not exist on"
              + " the brokers: let the relay provision it, or correct the topic template",
          logged.events().get(0).getFormattedMessage());
    }
    assertEquals(1, fixture.consumers.size());
    assertFalse(fixture.first().closed());
  }
}
