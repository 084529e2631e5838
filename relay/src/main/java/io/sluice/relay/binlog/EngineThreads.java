package io.sluice.relay.binlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Thread group of one engine run. It contains every thread that the engine starts. */
final class EngineThreads {

  private static final Logger LOG = LoggerFactory.getLogger(EngineThreads.class);
  private static final long INTERRUPT_TIMEOUT_MILLIS = 2_000;

  /** Java 17 never releases a thread group, so empty groups are reused. */
  private static final Map<String, Group> EMPTY = new ConcurrentHashMap<>();

  private final Group group;
  private volatile boolean isReleased;

  /**
   * The threads of a run.
   *
   * @param died receives what has ended a thread. The engine itself does not notice that an error
   *     has ended the thread that reads the binlog.
   */
  EngineThreads(String name, Consumer<Throwable> died) {
    @Nullable Group empty = EMPTY.remove(name);
    group = empty == null ? new Group(name) : empty;
    group.died = died;
  }

  private static final class Group extends ThreadGroup {
    private volatile Consumer<Throwable> died = error -> {};

    Group(String name) {
      super(name);
    }

    @Override
    public void uncaughtException(Thread thread, Throwable error) {
      LOG.error("thread {} of {} has died", thread.getName(), getName(), error);
      died.accept(error);
    }
  }

  /** Calls a supplier in the group and waits for its result. */
  <T> T call(Supplier<T> supplier) {
    CompletableFuture<T> result = new CompletableFuture<>();
    start(
        () -> {
          try {
            result.complete(supplier.get());
          } catch (Throwable e) {
            result.completeExceptionally(e);
          }
        });
    try {
      return result.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  void start(Runnable run) {
    Thread thread = new Thread(group, run, group.getName() + "-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /**
   * Interrupts the threads that still run, and waits up to two seconds for their end.
   *
   * @return number of threads that still run
   */
  int interruptLeaked() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(INTERRUPT_TIMEOUT_MILLIS);
    for (Thread thread : alive()) {
      thread.interrupt();
      join(thread, deadline);
    }
    int leaked = alive().size();
    if (leaked == 0 && !isReleased) {
      isReleased = true;
      EMPTY.put(group.getName(), group);
    }
    return leaked;
  }

  /** Whether a thread's name begins with this prefix. */
  boolean has(String prefix) {
    return alive().stream().anyMatch(thread -> thread.getName().startsWith(prefix));
  }

  int count() {
    return alive().size();
  }

  private static void join(Thread thread, long deadline) {
    long millis = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
    try {
      thread.join(Math.max(1, millis));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private List<Thread> alive() {
    if (isReleased) {
      return List.of(); // the group now belongs to another run
    }
    Thread[] found = new Thread[group.activeCount() + 16];
    int count = group.enumerate(found);
    List<Thread> alive = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      if (found[i].isAlive() && found[i] != Thread.currentThread()) {
        alive.add(found[i]);
      }
    }
    return alive;
  }

  @Override
  public String toString() {
    return alive().stream().map(Thread::getName).collect(Collectors.joining(", "));
  }
}
