package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.Pace;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.record.TopicCatalog;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Position;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.ShardDirectory.KnownSource;
import io.sluice.relay.state.StateStore;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over shards. The order of the steps makes this safe: the position is read only after the
 * predecessor can no longer publish and this relay is still the owner. Thread-safe.
 */
public final class TakeOver {

  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

  private final ShardDirectory shards;
  private final RegistryEditor registry;
  private final StateStore state;
  private final TopicCatalog topics;
  private final Publishers publishers;
  private final PositionRecovery recovery;
  private final EngineRunFactory runs;

  // More than five parameters: a take-over touches each of these once, and no two belong together.
  public TakeOver(
      ShardDirectory shards,
      RegistryEditor registry,
      StateStore state,
      TopicCatalog topics,
      Publishers publishers,
      PositionRecovery recovery,
      EngineRunFactory runs) {
    this.shards = shards;
    this.registry = registry;
    this.state = state;
    this.topics = topics;
    this.publishers = publishers;
    this.recovery = recovery;
    this.runs = runs;
  }

  /**
   * Takes over a shard and starts a run.
   *
   * @param isOwned whether this relay still owns the shard
   * @return the run, which the caller closes; empty if the shard is drained
   */
  Optional<EngineRun> start(ShardId id, BooleanSupplier isOwned, ShardStatistics statistics) {
    if (isOutOfService(id)) {
      return Optional.empty();
    }
    KnownSource known = shards.get(id);
    ShardSource source = ShardCheck.run(known.source(), publishers.delivery());
    topics.ensure();
    // A client that created a missing topic automatically has given it one partition.
    topics.growTo(shards.partitions());
    // Without this check, a relay that is no longer the owner would restart the owner's run.
    requireOwned(id, isOwned);
    Publisher publisher = publishers.open(state.topics().transactionalId(id), statistics.pace());
    try {
      requireOwned(id, isOwned);
      Destination destination = destination(known.registered(), publisher, statistics.pace());
      Position position = position(source, known.registered(), destination, statistics);
      return Optional.of(runs.start(source, position, destination, statistics, isOwned));
    } catch (RuntimeException | Error e) {
      publisher.close();
      throw e;
    }
  }

  /** Checked before the configuration: an operator takes a drained shard out of it. */
  private boolean isOutOfService(ShardId id) {
    return Optional.ofNullable(shards.registered().get(id))
        .filter(registered -> registered.phase() == Phase.DRAINED)
        .isPresent();
  }

  private static void requireOwned(ShardId id, BooleanSupplier isOwned) {
    if (!isOwned.getAsBoolean()) {
      throw new TransientException("shard '%s': another relay owns it now".formatted(id), null);
    }
  }

  /** Reads the pending work, which only the publisher of the shard can change from here on. */
  private Destination destination(RegisteredShard registered, Publisher publisher, Pace pace) {
    return new Destination(
        state.slot(registered), publisher, pace, state.pendingWork(registered), new Completions());
  }

  private Position position(
      ShardSource source,
      RegisteredShard registered,
      Destination destination,
      ShardStatistics statistics) {
    PositionRecovery.Start start =
        recovery.start(source, registered, state.position(registered), destination);
    withdrawApproval(registered);
    statistics.add(Counter.TAKEOVERS, 1);
    statistics.add(Counter.HEALINGS, start.isNew() ? 1 : 0);
    LOG.info(
        "shard '{}': relaying {} from {}", registered.id(), source.address(), start.position());
    return start.position();
  }

  /** An approval covers one lost position, which no longer exists. */
  private void withdrawApproval(RegisteredShard known) {
    if (known.recoveryApproval().isPresent()) {
      registry.replace(
          known.id(),
          now -> now.recoveryApproval().equals(known.recoveryApproval()),
          RegisteredShard::withoutApproval);
    }
  }

  /** Notes a failure of a run or of a take-over. Its cause may be a deleted topic. */
  void noteFailure() {
    topics.forget();
  }

  /** Whether the shard is drained. If the run has just completed the drain, registers that. */
  boolean isDrained(EngineRun run) {
    RegisteredShard registered = shards.get(run.source().id()).registered();
    if (registered.phase() != Phase.DRAINING || !run.isDrained()) {
      return registered.phase() == Phase.DRAINED;
    }
    registry.replace(
        registered.id(), now -> now.phase() == Phase.DRAINING, now -> now.in(Phase.DRAINED));
    LOG.info("shard '{}': drained; it is no longer relayed", registered.id());
    return true;
  }
}
