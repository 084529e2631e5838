package io.sluice.relay.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
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

  @Test
  void aTaskThatWaitsForLongHasNoThreadAndRunsAgain() throws InterruptedException {
    BlockingQueue<Thread> runs = new LinkedBlockingQueue<>();
    try (PeriodicTask task = noting(runs, Duration.ofMillis(1_001))) {
      task.start();
      Thread first = next(runs);
      first.join(10_000);
      assertFalse(first.isAlive());
      assertNotSame(first, next(runs));
    }
  }

  @Test
  void aTaskThatWaitsBrieflyKeepsItsThread() throws InterruptedException {
    BlockingQueue<Thread> runs = new LinkedBlockingQueue<>();
    try (PeriodicTask task = noting(runs, Duration.ofMillis(1))) {
      task.start();
      assertSame(next(runs), next(runs));
    }
  }

  @Test
  void aTaskThatFailsIsStoppedLikeAnyOther() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch atEnd = new CountDownLatch(1);
    PeriodicTask task =
        new PeriodicTask(
            "periodic-task-test",
            () -> {
              begun.countDown();
              throw new IllegalStateException("expected by the test");
            },
            atEnd::countDown);
    task.start();
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    task.close();
    assertTrue(task.awaitEnd(Duration.ZERO));
    assertEquals(0, atEnd.getCount());
  }

  @Test
  void aRunningTaskIsInterruptedAndEnds() throws InterruptedException {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch atEnd = new CountDownLatch(1);
    PeriodicTask task =
        new PeriodicTask(
            "periodic-task-test",
            () -> {
              begun.countDown();
              try {
                never.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
              return Duration.ofDays(1);
            },
            atEnd::countDown);
    task.start();
    assertTrue(begun.await(10, TimeUnit.SECONDS));
    assertFalse(task.awaitEnd(Duration.ZERO));
    task.close();
    assertTrue(task.awaitEnd(Duration.ZERO));
    assertEquals(0, atEnd.getCount());
  }

  @Test
  void aTaskThatNeverStartedHasEndedWhenItIsStopped() {
    PeriodicTask task = new PeriodicTask("periodic-task-test", () -> Duration.ZERO);
    task.close();
    assertTrue(task.awaitEnd(Duration.ZERO));
  }

  /** A task that notes the thread of each run. */
  private static PeriodicTask noting(BlockingQueue<Thread> runs, Duration wait) {
    return new PeriodicTask(
        "periodic-task-test",
        () -> {
          runs.add(Thread.currentThread());
          return wait;
        });
  }

  private static Thread next(BlockingQueue<Thread> runs) throws InterruptedException {
    return Objects.requireNonNull(runs.poll(10, TimeUnit.SECONDS), "the task has not run");
  }
}
