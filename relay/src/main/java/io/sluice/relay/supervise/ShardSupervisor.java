package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.failure.RelayException;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one shard relayed: starts a run, watches it, and after a failure starts the next from what
 * Kafka says, until it is closed or an operator is needed. One thread runs a shard; what happens
 * here touches no other.
 */
public final class ShardSupervisor {

  private static final Logger LOG = LoggerFactory.getLogger(ShardSupervisor.class);
  private static final Duration WATCH_INTERVAL = Duration.ofMillis(250);

  /** A run that fails sooner than this counts as one more failure in a row. */
  private static final Duration HEALTHY_AFTER = Duration.ofMinutes(1);

  private final ShardSource source;
  private final ShardRunFactory runs;
  private final Backoff backoff = new Backoff(() -> ThreadLocalRandom.current().nextDouble());
  private final CountDownLatch stopping = new CountDownLatch(1);
  private final Thread thread;
  private volatile ShardState state = ShardState.STARTING;

  public ShardSupervisor(ShardSource source, ShardRunFactory runs) {
    this.source = source;
    this.runs = runs;
    this.thread = new Thread(this::run, "sluice-" + source.id() + "-supervisor");
  }

  public void start() {
    thread.start();
  }

  public ShardId shard() {
    return source.id();
  }

  public ShardState state() {
    return state;
  }

  private void run() {
    try {
      while (!isStopping()) {
        runOnce();
      }
      state = ShardState.CLOSED;
      LOG.info("shard '{}': closed", source.id());
    } catch (OperatorNeededException e) {
      state = ShardState.STOPPED;
      LOG.error("shard '{}': stopped, an operator is needed: {}", source.id(), e.getMessage());
      LOG.debug("shard '{}': stopped because of", source.id(), e);
    } catch (Throwable e) {
      state = ShardState.STOPPED;
      LOG.error("shard '{}': stopped by a fault of the relay itself; restart it", source.id(), e);
    }
  }

  private void runOnce() {
    try {
      relay();
    } catch (OperatorNeededException e) {
      throw e;
    } catch (RuntimeException e) {
      waitAfter(e);
    }
  }

  private void relay() {
    state = ShardState.STARTING;
    try (ShardRun run = runs.start(source)) {
      while (!await(WATCH_INTERVAL)) {
        Optional<RelayException> failure = run.failure();
        if (failure.isPresent()) {
          throw failure.get();
        }
        noteHealth(run);
      }
    }
  }

  private void noteHealth(ShardRun run) {
    if (state == ShardState.STARTING && run.isDelivering()) {
      state = ShardState.RUNNING;
      LOG.info("shard '{}': running", source.id());
    }
    if (state == ShardState.RUNNING && run.age().compareTo(HEALTHY_AFTER) > 0) {
      backoff.reset();
    }
  }

  private void waitAfter(RuntimeException failure) {
    state = ShardState.WAITING;
    Duration wait = backoff.next();
    LOG.warn(
        "shard '{}': next try in {} ms after: {}",
        source.id(),
        wait.toMillis(),
        failure.getMessage());
    LOG.debug("shard '{}': failed because of", source.id(), failure);
    await(wait);
  }

  /** Whether the shard is to be closed; waits that long for it. */
  private boolean await(Duration time) {
    try {
      return stopping.await(time.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      stopping.countDown();
      Thread.currentThread().interrupt();
      return true;
    }
  }

  private boolean isStopping() {
    return stopping.getCount() == 0;
  }

  /** Asks the shard to end, without waiting for it. */
  public void stop() {
    stopping.countDown();
  }

  /** Waits until the shard has ended by itself or by {@link #stop}, at most this long. */
  public boolean awaitEnd(Duration timeout) throws InterruptedException {
    thread.join(timeout.toMillis());
    return !thread.isAlive();
  }
}
