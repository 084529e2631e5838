package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UnreadableTopicsTest {

  private static final Duration LONG = Duration.ofHours(1);

  private int reads;

  private static UnreadableTopics unreadable(Duration retry) {
    return new UnreadableTopics(ShardId.of("s"), retry);
  }

  private Optional<String> fail(UnreadableTopics topics, String topic) {
    return topics.read(
        topic,
        () -> {
          reads++;
          throw new TransientException("no answer", null);
        });
  }

  @Test
  void aTopicThatFailsIsNotReadAgainBeforeItsTime() {
    UnreadableTopics topics = unreadable(LONG);

    assertEquals(Optional.empty(), fail(topics, "t"));
    assertEquals(Optional.empty(), fail(topics, "t"));
    assertEquals(1, reads);
    assertEquals(Optional.empty(), topics.read("t", () -> "content"));
  }

  @Test
  void otherTopicsDoNotWaitForIt() {
    UnreadableTopics topics = unreadable(LONG);
    fail(topics, "t");

    assertEquals(Optional.of("content"), topics.read("other", () -> "content"));
  }

  @Test
  void aTopicIsReadAgainAfterTheRetryTime() {
    UnreadableTopics topics = unreadable(Duration.ZERO);
    fail(topics, "t");

    assertEquals(Optional.of("content"), topics.read("t", () -> "content"));
  }

  @Test
  void aThreadThatIsInterruptedFails() {
    UnreadableTopics topics = unreadable(LONG);
    Thread.currentThread().interrupt();
    try {
      assertThrows(TransientException.class, () -> fail(topics, "t"));
    } finally {
      Thread.interrupted();
    }
  }
}
