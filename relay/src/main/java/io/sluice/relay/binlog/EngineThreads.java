package io.sluice.relay.binlog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The threads of one engine run: the group catches every thread the engine starts. */
final class EngineThreads {

  private static final long LEFTOVER_TIMEOUT_MILLIS = 2_000;

  /** Java 17 keeps each group for ever, so one that has emptied is used again. */
  private static final Map<String, ThreadGroup> EMPTY = new ConcurrentHashMap<>();

  private final ThreadGroup group;
  private volatile boolean isGivenBack;

  EngineThreads(String name) {
    @Nullable ThreadGroup empty = EMPTY.remove(name);
    group = empty == null ? new ThreadGroup(name) : empty;
  }

  /** Runs this in the group and waits for what it makes. */
  <T> T call(Supplier<T> maker) {
    CompletableFuture<T> made = new CompletableFuture<>();
    start(
        () -> {
          try {
            made.complete(maker.get());
          } catch (Throwable e) {
            made.completeExceptionally(e);
          }
        });
    try {
      return made.join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  void start(Runnable run) {
    Thread thread = new Thread(group, run, group.getName() + "-engine");
    thread.setDaemon(true);
    thread.start();
  }

  /** Interrupts what still runs, gives it a moment, and counts what remains. */
  int interruptLeftovers() {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(LEFTOVER_TIMEOUT_MILLIS);
    for (Thread thread : alive()) {
      thread.interrupt();
      join(thread, deadline);
    }
    int left = alive().size();
    if (left == 0 && !isGivenBack) {
      isGivenBack = true;
      EMPTY.put(group.getName(), group);
    }
    return left;
  }

  /** Whether there is a thread whose name begins like this. */
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
    if (isGivenBack) {
      return List.of(); // what is in the group now is another run's
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
