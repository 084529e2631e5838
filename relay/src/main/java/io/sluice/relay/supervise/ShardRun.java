package io.sluice.relay.supervise;

import io.sluice.relay.binlog.DebeziumReader;
import io.sluice.relay.binlog.EngineEnd;
import io.sluice.relay.maintenance.MaintenanceThread;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a source: an engine, the publisher it feeds, and the upkeep. All end with it. */
final class ShardRun implements AutoCloseable {

  /** A start has to read the schema history first, perhaps beside many others. */
  private static final int START_FACTOR = 8;

  private final ShardSource source;
  private final DebeziumReader engine;
  private final Publisher publisher;
  private final PendingWork repairs;
  private final List<MaintenanceThread> upkeep;
  private final Progress progress;
  private final LeakedThreads leftovers;
  private final Duration engineEnd;
  private final long start = System.nanoTime();

  /** Of the supervisor's thread. */
  private long lastReading = start;

  /** The parts of a run, all of them started. */
  record Parts(
      DebeziumReader engine,
      Destination destination,
      List<MaintenanceThread> upkeep,
      Progress progress) {}

  /**
   * A run that has begun.
   *
   * @param engineEnd from the moment an engine stops reading to the report of its end
   */
  ShardRun(ShardSource source, Parts parts, LeakedThreads leftovers, Duration engineEnd) {
    this.source = source;
    this.engine = parts.engine();
    this.publisher = parts.destination().publisher();
    this.repairs = parts.destination().pendingWork();
    this.upkeep = parts.upkeep();
    this.progress = parts.progress();
    this.leftovers = leftovers;
    this.engineEnd = engineEnd;
  }

  /** What is relayed. */
  ShardSource source() {
    return source;
  }

  /** Whether the engine has delivered anything yet, be it a heartbeat. */
  boolean isDelivering() {
    return progress.activity().hasBegun();
  }

  /** Whether everything before this end is in Kafka. */
  boolean isBeyond(BinlogEnd end) {
    return progress.isBeyond(end);
  }

  /** Whether something is left to be put right. */
  boolean hasRepairs() {
    return repairs.count(WorkItem.class) > 0;
  }

  Duration age() {
    return Duration.ofNanos(System.nanoTime() - start);
  }

  /**
   * Why the run must be given up, if it must.
   *
   * @param silence for how long its server may send nothing, not even a heartbeat
   */
  Optional<RelayException> failure(Duration silence) {
    // In this order: a batch that fails has said so when it is not handled any more.
    Optional<Throwable> unpublished =
        publisher.failure().filter(cause -> !progress.activity().isHandling());
    if (progress.failure().isPresent()) {
      return progress.failure();
    }
    if (engine.end().isDone()) {
      EngineEnd end = engine.end().join();
      return Optional.of(EngineFailures.classify(source, end));
    }
    if (unpublished.isPresent()) {
      // Passing in any case: what the upkeep cannot publish must not stop what is new.
      Throwable cause = unpublished.get();
      Object reason =
          cause instanceof RelayException told ? told.getMessage() : RootCause.of(cause);
      return passing("a publication by its upkeep failed: %s".formatted(reason), cause);
    }
    if (!upkeep.stream().allMatch(part -> part.thread().isAlive())) {
      return passing("its upkeep ended by a fault of the relay itself");
    }
    if (hasStoppedReading()) {
      return passing("%s has closed the connection".formatted(source.address()));
    }
    if (progress.isElsewhere()) {
      return passing("%s leads to another server by now".formatted(source.address()));
    }
    return isSilentFor(silence)
        ? passing("nothing came from %s for %s".formatted(source.address(), silence))
        : Optional.empty();
  }

  /** Not at once: an engine that fails stops reading first, and then says why. */
  private boolean hasStoppedReading() {
    if (!isDelivering() || engine.isReading()) {
      lastReading = System.nanoTime();
    }
    return System.nanoTime() - lastReading > engineEnd.toNanos();
  }

  /** Whether nothing has come for longer than this; a run that starts is given more time. */
  boolean isSilentFor(Duration silence) {
    Duration limit = isDelivering() ? silence : silence.multipliedBy(START_FACTOR);
    return progress.activity().silence().compareTo(limit) > 0;
  }

  private Optional<RelayException> passing(String problem) {
    return passing(problem, null);
  }

  private Optional<RelayException> passing(String problem, @Nullable Throwable cause) {
    return Optional.of(
        new TransientException("shard '%s': %s".formatted(source.id(), problem), cause));
  }

  @Override
  public void close() {
    try (publisher) {
      MaintenanceThread.closeAll(upkeep).forEach(left -> leftovers.noteThread(left.thread()));
      engine.close();
      leftovers.noteEngine(engine);
    }
  }
}
