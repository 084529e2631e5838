package io.sluice.handlers.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  private static final Duration SECOND = Duration.ofSeconds(1);

  private static void refuses(String message, Runnable making) {
    IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, making::run);
    assertEquals(message, refused.getMessage());
  }

  @Test
  void keepsTheOtherDefaults() {
    RetryPolicy policy = RetryPolicy.exponential(SECOND, Duration.ofHours(1));

    assertEquals(RetryPolicy.DEFAULT.timeout(), policy.timeout());
    assertEquals(0.5, policy.jitter());
    assertTrue(
        policy.isFinal(
            new UnreadablePayloadException(
                HandledEvent.builder(io.sluice.outbox.EventDomain.CHAT, "x")
                    .id("1")
                    .shard(io.sluice.outbox.ShardId.GLOBAL)
                    .aggregate("room", "7")
                    .payload("")
                    .build(),
                String.class,
                "it is empty")));
  }

  @Test
  void knowsFinalFailuresByTheirKind() {
    RetryPolicy policy =
        RetryPolicy.DEFAULT.withFinal(IOException.class).withFinal(ArithmeticException.class);

    assertTrue(policy.isFinal(new FileNotFoundException()));
    assertTrue(policy.isFinal(new ArithmeticException()));
    assertFalse(policy.isFinal(new IllegalStateException()));
  }

  @Test
  void refusesWhatCannotBe() {
    refuses(
        "initial wait is 0.0 s: it must be longer than 0 s and a day at most",
        () -> RetryPolicy.exponential(Duration.ZERO, SECOND));
    refuses(
        "longest wait is 90000.0 s: it must be longer than 0 s and a day at most",
        () -> RetryPolicy.exponential(SECOND, Duration.ofHours(25)));
    refuses(
        "the longest wait of 1.0 s is shorter than the initial one of 2.0 s: make it as long or longer",
        () -> RetryPolicy.exponential(Duration.ofSeconds(2), SECOND));
    refuses(
        "timeout is -1.0 s: it must be longer than 0 s and a day at most",
        () -> RetryPolicy.DEFAULT.withTimeout(SECOND.negated()));
    refuses("jitter is 1.5: it must be from 0 to 1", () -> RetryPolicy.DEFAULT.withJitter(1.5));
    refuses(
        "jitter is NaN: it must be from 0 to 1", () -> RetryPolicy.DEFAULT.withJitter(Double.NaN));
  }
}
