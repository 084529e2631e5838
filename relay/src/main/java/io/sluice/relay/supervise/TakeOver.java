package io.sluice.relay.supervise;

import io.sluice.outbox.ShardId;
import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.binlog.DebeziumReader;
import io.sluice.relay.binlog.EngineSource;
import io.sluice.relay.maintenance.MaintenanceThread;
import io.sluice.relay.mysql.BinlogEnd;
import io.sluice.relay.mysql.ServerIdentity;
import io.sluice.relay.pipeline.BatchForwarder;
import io.sluice.relay.pipeline.Destination;
import io.sluice.relay.pipeline.Progress;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.pipeline.TransactionCursor;
import io.sluice.relay.preflight.ShardCheck;
import io.sluice.relay.publish.Publisher;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.recovery.PositionRecovery.Means;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.PendingWorkReader;
import io.sluice.relay.state.PositionReader;
import io.sluice.relay.state.PositionSlot;
import io.sluice.relay.state.RegisteredShard;
import io.sluice.relay.state.RegisteredShard.Phase;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.ShardDirectory.KnownSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes sources over. The order of the steps is what makes it safe: only after a predecessor can no
 * longer publish, and we are still the owner, is the position read that tells how far it came.
 * Thread-safe.
 */
final class TakeOver implements ShardSupervisor.RunStarter {

  private static final Logger LOG = LoggerFactory.getLogger(TakeOver.class);

  private static final int HEAP_PART = 4;
  private static final long LEAST_QUEUE_BYTES = 1L << 20;
  private static final long MOST_QUEUE_BYTES = 16L << 20;

  private final RelayLinks links;
  private final SourceCare care;
  private final ShardDirectory sources;
  private final SupervisionTimings timings;
  private final PendingWorkReader repairs;
  private final RegistryEditor registry;
  private final Map<ShardId, BinlogEnd> drainTargets = new ConcurrentHashMap<>();

  TakeOver(RelayLinks links, SourceCare care, ShardDirectory sources, SupervisionTimings timings) {
    this.links = links;
    this.care = care;
    this.sources = sources;
    this.timings = timings;
    this.repairs = new PendingWorkReader(links.kafka());
    this.registry = new RegistryEditor(links.kafka(), links.internal());
  }

  @Override
  public Optional<ShardRun> start(ShardId id, Ownership ownership) {
    drainTargets.remove(id);
    if (isOutOfService(id)) {
      return Optional.empty();
    }
    KnownSource known = sources.get(id);
    ShardSource source = known.source();
    ShardCheck.run(source, links.publishers().delivery());
    links.commonTopics().ensure();
    // Made anew by whoever missed it, a topic has one partition.
    links.commonTopics().growTo(sources.partitions());
    // To take it over from the true owner would only cost that one a restart.
    requireHeld(id, ownership);
    Publisher publisher = links.publishers().open(links.internal().transactionalId(source.id()));
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
      throw new TransientException("shard '%s': another relay owns it by now".formatted(id), null);
    }
  }

  @Override
  public void noteFailure() {
    // It may be that somebody deleted a topic.
    links.commonTopics().forget();
  }

  /** Whoever removes a drained source takes it out of the configuration first. */
  private boolean isOutOfService(ShardId id) {
    return Optional.ofNullable(sources.registered().get(id))
        .filter(registered -> registered.phase() == Phase.DRAINED)
        .isPresent();
  }

  private ShardRun start(KnownSource known, Publisher publisher, Ownership ownership) {
    ShardSource source = known.source();
    PositionSlot slot = links.internal().slot(source.id(), known.registered().partition());
    PendingWork open = repairs.read(slot);
    PositionRecovery.Start start =
        care.healer()
            .start(
                source,
                known.registered(),
                PositionReader.read(links.kafka(), slot),
                new Means(slot, publisher, open));
    withdrawApproval(known.registered());
    ShardStatistics statistics = care.statistics().of(source.id());
    statistics.add(Counter.TAKEOVERS, 1);
    if (start.isNew()) {
      statistics.add(Counter.HEALINGS, 1);
    }
    LOG.info("shard '{}': relaying {} from {}", source.id(), source.address(), start.position());
    Destination destination = new Destination(slot, publisher, open, new Completions());
    // Asked before the engine connects: if the address leads elsewhere meanwhile, it is noticed.
    Progress progress = new Progress(start.position(), ServerIdentity.of(source), statistics);
    List<MaintenanceThread> upkeep = care.upkeep().of(source, destination, progress, statistics);
    BatchForwarder forwarder =
        new BatchForwarder(
            source,
            links.routing(),
            destination,
            new TransactionCursor(start.position(), timings.idleStore()),
            progress);
    DebeziumReader engine =
        DebeziumReader.start(
            new EngineSource(
                source,
                links.kafka(),
                start.position().history(),
                care.queueBytes().orElseGet(this::affordableQueueBytes),
                timings.heartbeat(),
                ownership::isHeld),
            start.position().offset(),
            forwarder);
    ShardRun run =
        new ShardRun(
            source,
            new ShardRun.Parts(engine, destination, upkeep, progress),
            care.leftovers(),
            timings.engineEnd());
    try {
      upkeep.forEach(MaintenanceThread::start);
      return run;
    } catch (RuntimeException | Error e) {
      run.close();
      throw e;
    }
  }

  /**
   * A quarter of the heap for all shards together, should they all fall to this relay: as much
   * again is on its way to Kafka at the same time, twice. Reckoned at each start, for shards are
   * added while the relay runs.
   */
  private long affordableQueueBytes() {
    int shards = Math.max(1, sources.configured().size());
    long share = Runtime.getRuntime().maxMemory() / HEAP_PART / shards;
    return Math.max(LEAST_QUEUE_BYTES, Math.min(MOST_QUEUE_BYTES, share));
  }

  /** An operator's word is good for one loss: it was used now, or is of a position long gone. */
  private void withdrawApproval(RegisteredShard known) {
    if (known.healingApproved().isPresent()) {
      registry.replace(
          known.id(),
          now -> now.healingApproved().equals(known.healingApproved()),
          RegisteredShard::withoutApproval);
    }
  }

  @Override
  public boolean isDrained(ShardRun run) {
    RegisteredShard registered = sources.get(run.source().id()).registered();
    if (registered.phase() != Phase.DRAINING || !run.isDelivering() || run.hasRepairs()) {
      return registered.phase() == Phase.DRAINED;
    }
    BinlogEnd target =
        drainTargets.computeIfAbsent(registered.id(), id -> BinlogEnd.of(run.source()));
    // Repairs again, for what was prepared before that end may have been read since.
    if (!run.isBeyond(target) || run.hasRepairs()) {
      return false;
    }
    registry.replace(
        registered.id(), now -> now.phase() == Phase.DRAINING, now -> now.in(Phase.DRAINED));
    LOG.info("shard '{}': drained; nothing is relayed of it any more", registered.id());
    return true;
  }
}
