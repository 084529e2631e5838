package io.sluice.relay.kafka;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LoopTest {

  @Test
  void startingItAgainChangesNothing() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    try (Loop loop =
        new Loop(
            "loop-test",
            () -> {
              begun.countDown();
              return Duration.ofDays(1);
            })) {
      loop.start();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      loop.start();
    }
  }
}
