package io.sluice.relay.supervise;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static Backoff backoff(double random) {
    return new Backoff(Duration.ofMillis(500), Duration.ofSeconds(30), () -> random);
  }

  @Test
  void doublesUpToItsLimit() {
    Backoff backoff = backoff(1.0);

    assertEquals(Duration.ofMillis(500), backoff.next());
    assertEquals(Duration.ofSeconds(1), backoff.next());
    for (int i = 0; i < 20; i++) {
      backoff.next();
    }
    assertEquals(Duration.ofSeconds(30), backoff.next());
  }

  @Test
  void jitterTakesAtMostHalf() {
    assertEquals(Duration.ofMillis(250), backoff(0.0).next());
  }

  @Test
  void startsOverWhenReset() {
    Backoff backoff = backoff(1.0);
    backoff.next();
    backoff.next();

    backoff.reset();

    assertEquals(Duration.ofMillis(500), backoff.next());
  }
}
