package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardState;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one source relayed for as long as this relay owns it: starts a run, watches it, and after a
 * failure starts the next from what Kafka says. One thread runs a source; what happens here touches
 * no other.
 */
final class ShardSupervisor {

  private static final Logger LOG = LoggerFactory.getLogger(ShardSupervisor.class);

  /** A single event may take long to arrive; after a vain wait the next one is twice as long. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

  /** A run that fails sooner than this counts as one more failure in a row. */
  private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);

  /** The registry's copy needs a moment to know that a source is drained, and tells then. */
  private static final Duration REGISTRY_DELAY = Duration.ofSeconds(10);

  /** An operator may have put right what stopped the source, and not have told. */
  private static final Duration SECOND_LOOK = Duration.ofMinutes(5);

  private final ShardId id;
  private final RunStarter runs;
  private final Ownership ownership;
  private final ShardStatistics statistics;
  private final SupervisionTimings timings;
  private final Backoff backoff;
  private final Signals signals = new Signals();
  private final Thread thread;
  private Duration silence;
  private volatile ShardState state = ShardState.STARTING;

  /** Takes a source over; the supervisor's view of the rest of the relay. */
  interface RunStarter {

    /** Starts to relay the source; empty if it is drained. */
    Optional<ShardRun> start(ShardId source, Ownership ownership);

    /** To be told of every failure before the next start. */
    void noteFailure();

    /** Whether the run has published all that a drained source is to publish. */
    boolean isDrained(ShardRun run);
  }

  ShardSupervisor(
      ShardId id,
      RunStarter runs,
      Ownership ownership,
      ShardStatistics statistics,
      SupervisionTimings timings) {
    this.id = id;
    this.runs = runs;
    this.ownership = ownership;
    this.statistics = statistics;
    this.timings = timings;
    this.backoff =
        new Backoff(
            timings.firstBackoff(),
            timings.longestBackoff(),
            () -> ThreadLocalRandom.current().nextDouble());
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
      while (!signals.isStopping()) {
        signals.clearRestart();
        runOnce();
      }
      move(ShardState.CLOSED, "");
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
      LOG.debug("shard '{}': stopped because of", id, e);
      signals.await(SECOND_LOOK);
    } catch (RelayException e) {
      waitAfter(e, String.valueOf(e.getMessage()));
    } catch (RuntimeException | Error e) {
      waitAfter(e, RootCause.of(e).toString());
    } finally {
      statistics.interrupted();
    }
  }

  private void relay() {
    move(ShardState.STARTING, "");
    Optional<ShardRun> started = runs.start(id, ownership);
    if (started.isEmpty()) {
      restDrained(SECOND_LOOK);
    } else if (watch(started.get())) {
      restDrained(REGISTRY_DELAY);
    }
  }

  /** Whether the run ended because the source is drained. */
  private boolean watch(ShardRun started) {
    try (ShardRun run = started) {
      while (!signals.await(timings.watchInterval())) {
        if (runs.isDrained(run)) {
          return true;
        }
        Optional<RelayException> failure = run.failure(silence);
        if (failure.isPresent()) {
          noteSilence(run);
          throw failure.get();
        }
        noteHealth(run);
      }
      return false;
    }
  }

  private void restDrained(Duration time) {
    move(ShardState.DRAINED, "");
    signals.await(time);
  }

  private void noteSilence(ShardRun run) {
    Duration doubled = silence.multipliedBy(2);
    if (run.isSilentFor(silence) && doubled.compareTo(LONGEST_SILENCE) <= 0) {
      silence = doubled;
    }
  }

  private void noteHealth(ShardRun run) {
    if (state == ShardState.STARTING && run.isDelivering()) {
      move(ShardState.RUNNING, "");
      LOG.info("shard '{}': running", id);
    }
    if (state == ShardState.RUNNING && run.age().compareTo(HEALTHY_AFTER) > 0) {
      backoff.reset();
      silence = timings.silence();
    }
  }

  private void waitAfter(Throwable failure, String reason) {
    statistics.add(Counter.TRANSIENT_FAILURES, 1);
    runs.noteFailure();
    Duration wait = backoff.next();
    move(ShardState.WAITING, reason);
    LOG.warn("shard '{}': next try in {} ms after: {}", id, wait.toMillis(), reason);
    LOG.debug("shard '{}': failed because of", id, failure);
    signals.await(wait);
  }

  private void move(ShardState next, String detail) {
    state = next;
    ownership.report(next, detail);
  }

  /** Ends the present run, if there is one, and begins anew with what is known now. */
  void restart() {
    signals.restart();
  }

  /** Asks the source to end, without waiting for it. */
  void stop() {
    signals.stop();
  }

  /** Waits until it has ended, at most this long. */
  boolean awaitEnd(Duration timeout) throws InterruptedException {
    thread.join(Math.max(1, timeout.toMillis()));
    return !thread.isAlive();
  }
}
