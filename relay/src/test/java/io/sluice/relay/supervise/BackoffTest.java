package io.sluice.relay.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  @Test
  void doublesUpToItsLimit() {
    Backoff backoff = new Backoff(() -> 1.0);

    assertEquals(Duration.ofMillis(500), backoff.next());
    assertEquals(Duration.ofSeconds(1), backoff.next());
    for (int i = 0; i < 20; i++) {
      backoff.next();
    }
    assertEquals(Duration.ofSeconds(30), backoff.next());
  }

  @Test
  void jitterTakesAtMostHalf() {
    assertEquals(Duration.ofMillis(250), new Backoff(() -> 0.0).next());
  }

  @Test
  void startsOverWhenReset() {
    Backoff backoff = new Backoff(() -> 1.0);
    backoff.next();
    backoff.next();

    backoff.reset();

    assertEquals(Duration.ofMillis(500), backoff.next());
  }
}
