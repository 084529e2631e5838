package io.sluice.handlers.internal.dispatch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.handlers.internal.HandlerThreads;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class CallThreadsTest {

  private static final int SIZE = 4;
  private static final int SECONDS = 60;

  private final CountDownLatch done = new CountDownLatch(2 * SIZE);

  @Test
  void callsThatBlockOccupyAllThreads() throws Exception {
    CallThreads threads = new CallThreads(SIZE, HandlerThreads.daemons("test-"));
    CyclicBarrier together = new CyclicBarrier(SIZE);
    for (int call = 0; call < 2 * SIZE; call++) {
      threads.execute(
          () -> {
            try {
              together.await(SECONDS, TimeUnit.SECONDS);
              done.countDown();
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
          });
    }
    assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
    threads.close();
  }

  /** A handler's thread may start the thread of another call. */
  @Test
  void aThreadHasNothingOfTheOneThatStartedIt() throws Exception {
    InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
    ClassLoader loader = Thread.currentThread().getContextClassLoader();
    CallThreads threads = new CallThreads(SIZE, HandlerThreads.daemons("test-"));
    CyclicBarrier together = new CyclicBarrier(SIZE);
    List<Object> seen = new CopyOnWriteArrayList<>();
    for (int call = 0; call < SIZE; call++) {
      threads.execute(
          () -> {
            Thread thread = Thread.currentThread();
            seen.add(tenant.get() == null && thread.getContextClassLoader() == loader);
            tenant.set("of this call");
            thread.setContextClassLoader(null);
            try {
              together.await(SECONDS, TimeUnit.SECONDS);
            } catch (Exception e) {
              throw new IllegalStateException(e);
            }
            done.countDown();
          });
    }
    for (int call = 0; call < SIZE; call++) {
      threads.execute(done::countDown);
    }
    assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
    assertEquals(Collections.nCopies(SIZE, true), seen);
    threads.close();
  }

  @Test
  void aTaskThatFailsStopsNoOther() throws Exception {
    CallThreads threads =
        new CallThreads(
            1,
            task -> {
              Thread thread = new Thread(task, "test-failing");
              thread.setUncaughtExceptionHandler((same, failure) -> {});
              return thread;
            });
    for (int call = 0; call < 2 * SIZE; call++) {
      threads.execute(
          () -> {
            done.countDown();
            throw new IllegalStateException("of the task");
          });
    }
    assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
    threads.close();
  }

  @Test
  void aTaskThatNoThreadCanRunIsNotKept() throws Exception {
    AtomicBoolean isFull = new AtomicBoolean(true);
    AtomicInteger runs = new AtomicInteger();
    CallThreads threads =
        new CallThreads(
            1,
            task -> {
              if (isFull.get()) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              return new Thread(task, "test-late");
            });
    assertThrows(OutOfMemoryError.class, () -> threads.execute(runs::incrementAndGet));

    isFull.set(false);
    CountDownLatch second = new CountDownLatch(1);
    threads.execute(second::countDown);
    assertTrue(second.await(SECONDS, TimeUnit.SECONDS));
    assertEquals(0, runs.get());
    threads.close();
  }

  @Test
  void oneThreadRunsAllTasksIfNoOtherCanBeStarted() throws Exception {
    AtomicInteger started = new AtomicInteger();
    CallThreads threads =
        new CallThreads(
            SIZE,
            task -> {
              if (started.getAndIncrement() > 0) {
                throw new OutOfMemoryError("unable to create native thread");
              }
              return new Thread(task, "test-only");
            });
    for (int call = 0; call < 2 * SIZE; call++) {
      threads.execute(done::countDown);
    }
    assertTrue(done.await(SECONDS, TimeUnit.SECONDS));
    threads.close();
    assertThrows(RejectedExecutionException.class, () -> threads.execute(done::countDown));
  }
}
