package io.sluice.relay.supervise;

import io.sluice.relay.binlog.DebeziumReader;
import io.sluice.relay.maintenance.MaintenanceThread;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.shard.RelayException;
import io.sluice.relay.shard.RootCause;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.WorkItem;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One run of a source: an engine, its publisher and the maintenance threads, which end with it. */
final class EngineRun implements AutoCloseable {

  /** An engine reads its schema history first, perhaps at the same time as many others. */
  private static final int START_FACTOR = 8;

  private final ShardSource source;
  private final DebeziumReader engine;
  private final Destination destination;
  private final List<MaintenanceThread> maintenance;
  private final Progress progress;
  private volatile boolean isClosed;

  // Used by the supervisor's thread only.
  private long lastReading = System.nanoTime();
  private @Nullable BinlogEnd drainTarget;

  /** Creates a run whose engine is started. */
  EngineRun(
      ShardSource source,
      DebeziumReader engine,
      Destination destination,
      List<MaintenanceThread> maintenance,
      Progress progress) {
    this.source = source;
    this.engine = engine;
    this.destination = destination;
    this.maintenance = maintenance;
    this.progress = progress;
  }

  /** The source that is relayed. */
  ShardSource source() {
    return source;
  }

  /** Whether the engine has delivered anything yet, at least a heartbeat. */
  boolean isDelivering() {
    return progress.hasBegun();
  }

  /** Whether the run has stored a position, so that another run would start further on. */
  boolean hasStored() {
    return progress.hasStored();
  }

  /** Whether the run has stored a position, or has found that there is nothing to read. */
  boolean isRelaying() {
    return progress.isRelaying();
  }

  /**
   * Whether everything is in Kafka that the server had committed when the run was first asked with
   * no work item open.
   */
  boolean isDrained() {
    if (!isDelivering() || hasPendingWork()) {
      return false;
    }
    if (drainTarget == null) {
      drainTarget = BinlogEnd.of(source);
    }
    // Checked again: rows of XA transactions before that end may have been read since.
    return progress.isBeyond(drainTarget) && !hasPendingWork();
  }

  private boolean hasPendingWork() {
    return destination.pendingWork().count(WorkItem.class) > 0;
  }

  /**
   * Returns the reason to end the run, if there is one.
   *
   * @param silence time for which the server may send nothing, not even a heartbeat
   * @param engineEnd time from the moment an engine stops reading to the report of its end
   */
  Optional<RelayException> failure(Duration silence, Duration engineEnd) {
    // Read before the progress: a failed batch is recorded there before its handling ends.
    Optional<Throwable> unpublished =
        destination.publisher().failure().filter(cause -> !progress.isHandling());
    if (progress.failure().isPresent()) {
      return progress.failure();
    }
    if (engine.end().isDone()) {
      return Optional.of(engine.end().join().failure(source));
    }
    if (unpublished.isPresent()) {
      // Always transient: new events must not stop because of a failure in maintenance.
      Throwable cause = unpublished.get();
      Object reason =
          cause instanceof RelayException known ? known.getMessage() : RootCause.of(cause);
      return transientFailure(
          "a publication by its maintenance failed: %s".formatted(reason), cause);
    }
    if (hasStoppedReadingFor(engineEnd)) {
      return transientFailure("%s has closed the connection".formatted(source.address()));
    }
    if (progress.isElsewhere()) {
      return transientFailure("%s now leads to another server".formatted(source.address()));
    }
    return isSilentFor(silence)
        ? transientFailure(
            "%s sent nothing for %d s".formatted(source.address(), silence.toSeconds()))
        : Optional.empty();
  }

  /** Not immediately, because a failing engine stops reading before it reports the error. */
  private boolean hasStoppedReadingFor(Duration limit) {
    if (!isDelivering() || engine.isReading()) {
      lastReading = System.nanoTime();
    }
    return System.nanoTime() - lastReading > limit.toNanos();
  }

  /** Whether the server has sent nothing for longer than this. A starting run gets more time. */
  boolean isSilentFor(Duration silence) {
    Duration limit = isDelivering() ? silence : silence.multipliedBy(START_FACTOR);
    return progress.silence().compareTo(limit) > 0;
  }

  private Optional<RelayException> transientFailure(String problem) {
    return transientFailure(problem, null);
  }

  private Optional<RelayException> transientFailure(String problem, @Nullable Throwable cause) {
    return Optional.of(
        new TransientException("shard '%s': %s".formatted(source.id(), problem), cause));
  }

  /** The threads that still run after {@link #close}, although they were interrupted. */
  int leakedThreads() {
    return isClosed
        ? engine.liveThreads() + (int) maintenance.stream().filter(part -> !part.hasEnded()).count()
        : 0;
  }

  /** Whether the run is closed and has left no thread behind. */
  boolean hasEnded() {
    return isClosed && leakedThreads() == 0;
  }

  @Override
  public void close() {
    Publisher publisher = destination.publisher();
    try (publisher) {
      // The threads end while the engine does: each may hang in a connection that is half-open.
      long deadline = MaintenanceThread.stopAll(maintenance);
      engine.close();
      MaintenanceThread.awaitEnd(maintenance, deadline);
    } finally {
      isClosed = true;
    }
  }
}
