package io.sluice.handlers.internal.retry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
