package io.sluice.sandbox.junit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class ThreadWatchTest {
  @Test
  void namesAThreadWithItsStackUntilItEnds() throws InterruptedException {
    ThreadWatch watch = ThreadWatch.begin();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = thread("worker", end);
    List<String> leaks = watch.leaks(Duration.ofMillis(50));
    assertEquals(1, leaks.size());
    assertTrue(leaks.get(0).contains("thread \"worker\""), leaks.get(0));
    assertTrue(leaks.get(0).contains("CountDownLatch.await"), leaks.get(0));
    end.countDown();
    thread.join();
    assertEquals(List.of(), watch.leaks(Duration.ZERO));
  }

  @Test
  void waitsForAThreadThatIsEnding() {
    ThreadWatch watch = ThreadWatch.begin();
    CountDownLatch end = new CountDownLatch(1);
    thread("ending", end);
    thread("ender", new CountDownLatch(0));
    end.countDown();
    assertEquals(List.of(), watch.leaks(Duration.ofSeconds(10)));
  }

  @Test
  void overlooksHousekeeping() throws InterruptedException {
    ThreadWatch watch = ThreadWatch.begin();
    CountDownLatch end = new CountDownLatch(1);
    Thread thread = thread("mysql-cj-abandoned-connection-cleanup", end);
    assertEquals(List.of(), watch.leaks(Duration.ZERO));
    end.countDown();
    thread.join();
  }

  private static Thread thread(String name, CountDownLatch end) {
    Thread thread =
        new Thread(
            () -> {
              try {
                end.await();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            },
            name);
    thread.start();
    return thread;
  }
}
