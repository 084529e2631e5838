package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.group.ShardAssignment;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardState;
import io.sluice.relay.state.RegisteredShard;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.ExponentialBackoff;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one shard running while this relay owns it: starts a run, watches it, and starts another
 * one after a failure, from the position in Kafka. Each shard has a separate thread and does not
 * affect the others.
 */
final class ShardSupervisor {

  private static final Logger LOG = LoggerFactory.getLogger(ShardSupervisor.class);

  /** A large event may take long to arrive, so each timeout doubles the limit up to this. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

  /**
   * A drained shard appears in the local copy of the registry, which restarts it, after a delay.
   */
  private static final Duration REGISTRY_DELAY = Duration.ofSeconds(10);

  /** An operator may have fixed the cause of a stop without any signal to the relay. */
  private static final Duration STOPPED_RETRY = Duration.ofMinutes(5);

  /** Spreads the retries of shards that failed at the same time. */
  private static final double JITTER = 0.5;

  private final ShardId id;
  private final int partition;
  private final TakeOver takeOver;
  private final ShardAssignment assignment;
  private final ShardStatistics statistics;
  private final SupervisionTimings timings;
  private final ExponentialBackoff backoff;
  private final Thread thread;

  /** Has a permit if a restart or a stop is requested. */
  private final Semaphore requests = new Semaphore(0);

  private volatile boolean isStopping;
  private volatile ShardState state = ShardState.STARTING;

  // Used by the supervisor's thread only.
  private Duration silence;
  private int failures;

  ShardSupervisor(
      RegisteredShard shard,
      TakeOver takeOver,
      ShardAssignment assignment,
      ShardStatistics statistics,
      SupervisionTimings timings) {
    this.id = shard.id();
    this.partition = shard.partition();
    this.takeOver = takeOver;
    this.assignment = assignment;
    this.statistics = statistics;
    this.timings = timings;
    this.backoff =
        new ExponentialBackoff(
            timings.firstBackoff().toMillis(), 2, timings.longestBackoff().toMillis(), JITTER);
    this.silence = timings.silence();
    this.thread = new Thread(this::run, "sluice-" + id + "-supervisor");
  }

  void start() {
    thread.start();
  }

  ShardState state() {
    return state;
  }

  private void run() {
    try {
      // The requests are cleared before the check, so that no request to stop gets lost.
      for (requests.drainPermits(); !isStopping; requests.drainPermits()) {
        runOnce();
      }
      state = ShardState.CLOSED; // not reported: the new owner reports from now on
      LOG.info("shard '{}': released", id);
    } finally {
      statistics.released();
    }
  }

  private void runOnce() {
    try {
      relay();
    } catch (OperatorNeededException e) {
      statistics.add(Counter.OPERATOR_FAILURES, 1);
      move(ShardState.STOPPED, String.valueOf(e.getMessage()));
      LOG.error("shard '{}': stopped, an operator is needed: {}", id, e.getMessage());
      LOG.debug("shard '{}': cause of the stop", id, e);
      awaitRequest(STOPPED_RETRY);
    } catch (RelayException e) {
      waitAfter(e, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      waitAfter(e, RootCause.of(e).toString());
    } finally {
      statistics.interrupted();
    }
  }

  private void relay() {
    if (!assignment.owns(partition)) {
      awaitRequest(timings.firstBackoff()); // without asking the server whether it could start
      return;
    }
    move(ShardState.STARTING, "");
    Optional<EngineRun> started = takeOver.start(id, () -> assignment.owns(partition), statistics);
    if (started.isEmpty()) {
      restDrained(STOPPED_RETRY);
    } else if (watch(started.get())) {
      restDrained(REGISTRY_DELAY);
    }
  }

  /** Watches a run until it ends; returns whether it ended because the shard is drained. */
  private boolean watch(EngineRun started) {
    try (EngineRun run = started) {
      while (!awaitRequest(timings.watchInterval())) {
        noteProgress(run);
        if (takeOver.isDrained(run)) {
          return true;
        }
        Optional<RelayException> failure = run.failure(silence, timings.engineEnd());
        if (failure.isPresent()) {
          extendSilence(run);
          // Before the run is closed, which takes some seconds if a connection hangs.
          move(ShardState.WAITING, String.valueOf(failure.get().getMessage()));
          throw failure.get();
        }
      }
      return false;
    }
  }

  private void restDrained(Duration time) {
    move(ShardState.DRAINED, "");
    awaitRequest(time);
  }

  private void extendSilence(EngineRun run) {
    Duration doubled = silence.multipliedBy(2);
    if (run.isSilentFor(silence) && doubled.compareTo(LONGEST_SILENCE) <= 0) {
      silence = doubled;
    }
  }

  /** A run that only starts and fails again is not reported as running. */
  private void noteProgress(EngineRun run) {
    if (state == ShardState.STARTING && run.isRelaying()) {
      move(ShardState.RUNNING, "");
      LOG.info("shard '{}': running", id);
    }
    if (state == ShardState.RUNNING) {
      String problem = statistics.failure().map(ShardStatistics.Failure::toString).orElse("");
      move(ShardState.RUNNING, problem);
    }
    if (run.hasStored()) {
      failures = 0;
      silence = timings.silence();
    }
  }

  private void waitAfter(Throwable failure, String reason) {
    if (isStopping || !assignment.owns(partition)) {
      // Normal while shards move between relays: the new owner interrupts this one.
      LOG.debug("shard '{}': not relayed, because another relay may own it", id, failure);
      return;
    }
    statistics.add(Counter.TRANSIENT_FAILURES, 1);
    takeOver.noteFailure();
    Duration wait = Duration.ofMillis(backoff.backoff(failures++));
    move(ShardState.WAITING, reason);
    LOG.warn("shard '{}': next try in {} ms after: {}", id, wait.toMillis(), reason);
    LOG.debug("shard '{}': cause of the failure", id, failure);
    awaitRequest(wait);
  }

  /** Waits at most this long for a request to restart or stop; returns whether there is one. */
  private boolean awaitRequest(Duration time) {
    try {
      boolean isRequested = requests.tryAcquire(time.toMillis(), TimeUnit.MILLISECONDS);
      if (isRequested) {
        requests.release(); // it stays until the next attempt to relay begins
      }
      return isRequested;
    } catch (InterruptedException e) {
      isStopping = true;
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private void move(ShardState next, String detail) {
    state = next;
    assignment.report(partition, detail.isEmpty() ? next.name() : next + ": " + detail);
  }

  /** Ends the current run, if any, and starts a new one with the current configuration. */
  void restart() {
    requests.release();
  }

  /** Stops the shard without waiting for it. */
  void stop() {
    isStopping = true;
    requests.release();
  }

  /** Waits at most this long for the end of the supervisor. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    thread.join(Math.max(1, timeout.toMillis()));
    return !thread.isAlive();
  }
}
