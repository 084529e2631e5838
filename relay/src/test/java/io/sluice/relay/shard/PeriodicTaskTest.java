package io.sluice.relay.shard;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class PeriodicTaskTest {

  @Test
  void startingTwiceChangesNothing() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    try (PeriodicTask task =
        new PeriodicTask(
            "periodic-task-test",
            () -> {
              begun.countDown();
              return Duration.ofDays(1);
            })) {
      task.start();
      assertTrue(begun.await(10, TimeUnit.SECONDS));
      task.start();
    }
  }
}
