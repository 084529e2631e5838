package io.sluice.relay.supervise;

import io.sluice.relay.engine.EngineEnd;
import io.sluice.relay.engine.ShardEngine;
import io.sluice.relay.failure.RelayException;
import io.sluice.relay.failure.TransientException;
import io.sluice.relay.forward.Activity;
import io.sluice.relay.publish.TransactionalPublisher;
import io.sluice.relay.shard.ShardSource;
import java.time.Duration;
import java.util.Optional;

/** One run of a shard: an engine and the publisher it feeds. Both end with it. */
final class ShardRun implements AutoCloseable {

  /** Several heartbeats; the first batch may have to wait for the schema history. */
  private static final Duration SILENCE_LIMIT = Duration.ofSeconds(12);

  private static final Duration START_LIMIT = Duration.ofSeconds(90);

  private final ShardSource source;
  private final ShardEngine engine;
  private final TransactionalPublisher publisher;
  private final Activity activity;
  private final long start = System.nanoTime();

  ShardRun(
      ShardSource source, ShardEngine engine, TransactionalPublisher publisher, Activity activity) {
    this.source = source;
    this.engine = engine;
    this.publisher = publisher;
    this.activity = activity;
  }

  /** Whether the engine has delivered anything yet, be it a heartbeat. */
  boolean isDelivering() {
    return activity.hasBegun();
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /** Why the run must be given up, if it must. */
  Optional<RelayException> failure() {
    if (engine.end().isDone()) {
      EngineEnd end = engine.end().join();
      return Optional.of(EngineFailures.classify(source, end));
    }
    Duration limit = activity.hasBegun() ? SILENCE_LIMIT : START_LIMIT;
    Duration silence = activity.silence();
    if (silence.compareTo(limit) > 0) {
      return Optional.of(
          new TransientException(
              "shard '%s': nothing came from %s for %s, not even a heartbeat"
                  .formatted(source.id(), source.address(), silence),
              null));
    }
    return Optional.empty();
  }

  @Override
  public void close() {
    try (publisher) {
      engine.close();
    }
  }
}
