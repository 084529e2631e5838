package io.sluice.sandbox.demo.chaos;

import java.io.PrintStream;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Executes a schedule: kills each victim at its moment, starts it again, and prints a line. Several
 * victims can be down at the same time. If a victim is due again before its restart is complete,
 * the killer waits for it and limits the load, so that every kill happens during the load.
 *
 * <p>One thread kills; others restart the victims. Thread-safe. The caller starts the killer once
 * and closes it. Until it is closed, the killer waits for the load to reach the next moment.
 */
public final class Killer implements AutoCloseable {

  private static final Duration LOOK_EVERY = Duration.ofMillis(100);
  private static final Duration END = Duration.ofSeconds(10);

  private final KillSchedule schedule;
  private final Load load;
  private final PrintStream out;
  private final CountDownLatch closing = new CountDownLatch(1);
  private final ExecutorService threads =
      Executors.newCachedThreadPool(work -> new Thread(work, "sandbox-killer"));
  private final CompletableFuture<Void> end = new CompletableFuture<>();
  private volatile long start;

  public Killer(KillSchedule schedule, Load load, PrintStream out) {
    this.schedule = schedule;
    this.load = load;
    this.out = out;
  }

  /** Starts to watch the load. Start the load after this. */
  public void start() {
    start = System.nanoTime();
    allowUntil(0);
    threads.execute(this::run);
  }

  /** Limits the load to the point by which this kill must be done. */
  private void allowUntil(int kill) {
    load.allow(kill < schedule.kills().size() ? schedule.latest(kill) : 1);
  }

  private void run() {
    try {
      killAll();
      end.complete(null);
    } catch (InterruptedException e) {
      end.completeExceptionally(new IllegalStateException("closed before all were killed", e));
    } catch (RuntimeException | Error e) {
      end.completeExceptionally(e);
    }
  }

  private void killAll() throws InterruptedException {
    Map<Victim, CompletableFuture<Void>> revivals = new HashMap<>();
    List<Kill> kills = schedule.kills();
    for (int i = 0; i < kills.size(); i++) {
      Kill kill = kills.get(i);
      awaitMoment(kill.moment());
      revivals.getOrDefault(kill.victim(), CompletableFuture.completedFuture(null)).join();
      revivals.put(kill.victim(), strike(kill));
      allowUntil(i + 1);
    }
    revivals.values().forEach(CompletableFuture::join);
  }

  private void awaitMoment(double moment) throws InterruptedException {
    while (load.committed().orElse(0) < moment) {
      pause(LOOK_EVERY);
    }
  }

  private CompletableFuture<Void> strike(Kill kill) {
    Victim victim = kill.victim();
    Duration struck = sinceStart();
    victim.kill();
    CompletableFuture<Void> revival =
        CompletableFuture.runAsync(() -> revive(kill, struck), threads);
    // Report the failure at once, because without the victim the load may never reach the next
    // moment.
    revival.exceptionally(
        failure -> {
          end.completeExceptionally(failure);
          return null;
        });
    return revival;
  }

  private void revive(Kill kill, Duration struck) {
    Victim victim = kill.victim();
    try {
      pause(kill.away());
    } catch (InterruptedException e) {
      throw new IllegalStateException(victim.name() + " is not started again: closed", e);
    }
    Duration restarted = sinceStart().minus(struck);
    victim.start();
    tell(victim, struck, restarted);
  }

  private void tell(Victim victim, Duration struck, Duration restarted) {
    out.printf(
        "sandbox: at %.1f s %s was killed; started again after %.1f s, up after %.1f s%n",
        seconds(struck), victim.name(), seconds(restarted), seconds(sinceStart().minus(struck)));
  }

  private Duration sinceStart() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1000.0;
  }

  private void pause(Duration time) throws InterruptedException {
    if (closing.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
      throw new InterruptedException("the killer is closed");
    }
  }

  /** Whether all kills are done and all victims run again. */
  public boolean isDone() {
    return end.isDone() && !end.isCompletedExceptionally();
  }

  /** The failure that ended the schedule; empty if there was none. */
  public Optional<Throwable> failure() {
    return Optional.ofNullable(end.handle((done, failure) -> failure).getNow(null))
        .map(e -> e instanceof CompletionException && e.getCause() != null ? e.getCause() : e);
  }

  /** Stops killing, and does not wait for victims that are being restarted. Idempotent, bounded. */
  @Override
  public void close() {
    closing.countDown();
    threads.shutdownNow();
    try {
      if (!threads.awaitTermination(END.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException("what was killed is still being started after " + END);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
