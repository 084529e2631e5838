package io.sluice.handlers.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.api.RetryPolicy;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private final Backoff backoff = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

  @Test
  void doublesUpToItsLimit() {
    assertEquals(Duration.ofSeconds(1), backoff.delay(1, 0));
    assertEquals(Duration.ofSeconds(2), backoff.delay(2, 0));
    assertEquals(Duration.ofSeconds(4), backoff.delay(3, 0));
    assertEquals(Duration.ofSeconds(8), backoff.delay(4, 0));
    assertEquals(Duration.ofSeconds(10), backoff.delay(5, 0));
    assertEquals(Duration.ofSeconds(10), backoff.delay(Integer.MAX_VALUE, 0));
  }

  @Test
  void takesHalfOffAtMost() {
    assertEquals(Duration.ofMillis(500), backoff.delay(1, 1));
    assertEquals(Duration.ofMillis(1500), backoff.delay(2, 0.5));
  }

  @Test
  void leavesAsMuchToChanceAsItIsTold() {
    Duration second = Duration.ofSeconds(1);

    assertEquals(second, new Backoff(second, second, 0).delay(1, 1));
    assertEquals(Duration.ofMillis(800), new Backoff(second, second, 0.2).delay(1, 1));
    assertEquals(Duration.ZERO, new Backoff(second, second, 1).delay(1, 1));
    assertEquals(
        new Backoff(second, Duration.ofSeconds(10), 0.2),
        Backoff.of(
            RetryPolicy.exponential(second, Duration.ofSeconds(10))
                .withJitter(0.2)
                .withTimeout(Duration.ofSeconds(3))));
  }

  @Test
  void isTheSameForTheSameEventWhoeverReckonsIt() {
    String event = "0199a3a2-7a11-7c7e-9d3b-0d5c5bb0c001";
    Backoff elsewhere = new Backoff(Duration.ofSeconds(1), Duration.ofSeconds(10));

    // Exact numbers, because workers of different versions and Java platforms must compute the same
    // delay.
    assertEquals(Duration.ofNanos(513_116_729), backoff.delay(1, event));
    assertEquals(Duration.ofNanos(1_780_788_464), elsewhere.delay(2, event));
    assertNotEquals(backoff.delay(1, event), backoff.delay(1, event.replace("001", "002")));
  }

  @Test
  void drawsItsOwnNumbers() {
    Duration delay = backoff.delay(2);

    assertTrue(delay.compareTo(Duration.ofSeconds(1)) >= 0);
    assertTrue(delay.compareTo(Duration.ofSeconds(2)) <= 0);
  }

  @Test
  void takesCountsBelowOneForTheFirst() {
    assertEquals(Duration.ofSeconds(1), backoff.delay(0, 0));
    assertEquals(Duration.ofSeconds(1), backoff.delay(-5, 0));
  }

  @Test
  void refusesWaitsThatAreNone() {
    Duration second = Duration.ofSeconds(1);

    assertThrows(IllegalArgumentException.class, () -> new Backoff(Duration.ZERO, second));
    assertThrows(IllegalArgumentException.class, () -> new Backoff(second, Duration.ofMillis(1)));
  }
}
