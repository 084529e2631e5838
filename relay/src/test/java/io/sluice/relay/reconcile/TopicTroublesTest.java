package io.sluice.relay.reconcile;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TopicTroublesTest {

  private static final Duration LONG = Duration.ofHours(1);

  private int reads;

  private static TopicTroubles troubles(Duration retry) {
    return new TopicTroubles(ShardId.of("s"), retry);
  }

  private Optional<String> fail(TopicTroubles troubles, String topic) {
    return troubles.read(
        topic,
        () -> {
          reads++;
          throw new TransientException("no answer", null);
        });
  }

  @Test
  void aTopicThatFailsIsNotReadAgainBeforeItsTime() {
    TopicTroubles troubles = troubles(LONG);

    assertEquals(Optional.empty(), fail(troubles, "t"));
    assertEquals(Optional.empty(), fail(troubles, "t"));
    assertEquals(1, reads);
    assertEquals(Optional.empty(), troubles.read("t", () -> "content"));
  }

  @Test
  void otherTopicsDoNotWaitForIt() {
    TopicTroubles troubles = troubles(LONG);
    fail(troubles, "t");

    assertEquals(Optional.of("content"), troubles.read("other", () -> "content"));
  }

  @Test
  void aTopicIsReadAgainAfterTheRetryTime() {
    TopicTroubles troubles = troubles(Duration.ZERO);
    fail(troubles, "t");

    assertEquals(Optional.of("content"), troubles.read("t", () -> "content"));
  }

  @Test
  void aThreadThatIsInterruptedFails() {
    TopicTroubles troubles = troubles(LONG);
    Thread.currentThread().interrupt();
    try {
      assertThrows(TransientException.class, () -> fail(troubles, "t"));
    } finally {
      Thread.interrupted();
    }
  }
}
