package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.ShardDirectory.KnownSource;
import io.sluice.relay.state.StateStore;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over shards. The order of the steps makes this safe: the position is read only after the
 * predecessor can no longer publish and this relay is still the owner. Thread-safe.
 */
public final class TakeOver implements ShardSupervisor.RunStarter {

  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

  private final ShardDirectory shards;
  private final StateStore state;
  private final TopicCatalog topics;
  private final Publishers publishers;
  private final RegistryEditor registry;
  private final PositionRecovery recovery;
  private final RelayStatistics statistics;
  private final QueueMemory memory;
  private final ShardRunFactory runs;
  private final Map<ShardId, BinlogEnd> drainTargets = new ConcurrentHashMap<>();

  // More than five parameters: a take-over touches each of these once, and no two belong together.
  public TakeOver(
      ShardDirectory shards,
      StateStore state,
      TopicCatalog topics,
      Publishers publishers,
      RegistryEditor registry,
      PositionRecovery recovery,
      RelayStatistics statistics,
      QueueMemory memory,
      ShardRunFactory runs) {
    this.shards = shards;
    this.state = state;
    this.topics = topics;
    this.publishers = publishers;
    this.registry = registry;
    this.recovery = recovery;
    this.statistics = statistics;
    this.memory = memory;
    this.runs = runs;
  }

  @Override
  public Optional<ShardRun> start(ShardId id, Ownership ownership) {
    drainTargets.remove(id);
    if (isOutOfService(id)) {
      return Optional.empty();
    }
    KnownSource known = shards.get(id);
    ShardCheck.run(known.source(), publishers.delivery());
    topics.ensure();
    // A client that created a missing topic automatically has given it one partition.
    topics.growTo(shards.partitions());
    // Without this check, a relay that is no longer the owner would restart the owner's run.
    requireHeld(id, ownership);
    Publisher publisher = publishers.open(state.topics().transactionalId(id));
    try {
      requireHeld(id, ownership);
      return Optional.of(start(known, publisher, ownership));
    } catch (RuntimeException | Error e) {
      publisher.close();
      throw e;
    }
  }

  private static void requireHeld(ShardId id, Ownership ownership) {
    if (!ownership.isHeld()) {
      throw new TransientException("shard '%s': another relay owns it now".formatted(id), null);
    }
  }

  @Override
  public void noteFailure() {
    topics.forget(); // the cause may be a deleted topic
  }

  /** Checked before the configuration: an operator takes a drained shard out of it. */
  private boolean isOutOfService(ShardId id) {
    return Optional.ofNullable(shards.registered().get(id))
        .filter(registered -> registered.phase() == Phase.DRAINED)
        .isPresent();
  }

  private ShardRun start(KnownSource known, Publisher publisher, Ownership ownership) {
    ShardSource source = known.source();
    RegisteredShard registered = known.registered();
    Destination destination =
        new Destination(
            state.slot(registered), publisher, state.pendingWork(registered), new Completions());
    PositionRecovery.Start start =
        recovery.start(source, registered, state.position(registered), destination);
    withdrawApproval(registered);
    statistics.of(source.id()).add(Counter.TAKEOVERS, 1);
    if (start.isNew()) {
      statistics.of(source.id()).add(Counter.HEALINGS, 1);
    }
    LOG.info("shard '{}': relaying {} from {}", source.id(), source.address(), start.position());
    return runs.start(
        source, start.position(), destination, memory.bytes(shards), ownership::isHeld);
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

  @Override
  public boolean isDrained(ShardRun run) {
    RegisteredShard registered = shards.get(run.source().id()).registered();
    if (registered.phase() != Phase.DRAINING || !run.isDelivering() || run.hasPendingWork()) {
      return registered.phase() == Phase.DRAINED;
    }
    BinlogEnd target =
        drainTargets.computeIfAbsent(registered.id(), id -> BinlogEnd.of(run.source()));
    // Checked again: rows of XA transactions before that end may have been read since.
    if (!run.isBeyond(target) || run.hasPendingWork()) {
      return false;
    }
    registry.replace(
        registered.id(), now -> now.phase() == Phase.DRAINING, now -> now.in(Phase.DRAINED));
    LOG.info("shard '{}': drained; it is no longer relayed", registered.id());
    return true;
  }
}
