package io.sluice.relay;

import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.admin.RelayGroup;
import io.sluice.relay.admin.ShardProvisioner;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.group.AssignmentSettings;
import io.sluice.relay.group.ShardAssignment;
import io.sluice.relay.kafka.TopicAdmin;
import io.sluice.relay.maintenance.HeadroomWatch;
import io.sluice.relay.maintenance.MaintenanceFactory;
import io.sluice.relay.maintenance.TransactionWatch;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.record.RecordFactory;
import io.sluice.relay.record.TopicCatalog;
import io.sluice.relay.record.TopicDirectory;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.recovery.Bootstrap;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.state.RegistryWatch;
import io.sluice.relay.state.ShardDirectory;
import io.sluice.relay.state.StateStore;
import io.sluice.relay.supervise.EngineRunFactory;
import io.sluice.relay.supervise.Provisioning;
import io.sluice.relay.supervise.QueueMemory;
import io.sluice.relay.supervise.ShardFleet;
import io.sluice.relay.supervise.TakeOver;
import java.util.Optional;

/** Constructs the objects of a relay from its configuration. Opens no connection. */
public final class RelayWiring {

  private final RelayConfig config;
  private final RelayTimings timings;
  private final StateStore state;
  private final TopicCatalog topics;
  private final RecordFactory records;
  private final Publishers publishers;
  private final PositionRecovery recovery;
  private final RegistryEditor registry;
  private final ShardProvisioner provisioner;
  private final RelayStatistics statistics = new RelayStatistics();

  public RelayWiring(RelayConfig config) {
    this(config, RelayTimings.PRODUCTION);
  }

  RelayWiring(RelayConfig config, RelayTimings timings) {
    this.config = config;
    this.timings = timings;
    this.state = new StateStore(config.kafka(), config.identity().topics());
    TopicSettings settings = config.publishing().topics();
    this.topics =
        new TopicCatalog(
            state.topics(),
            settings,
            new TopicDirectory(settings.template(), config.publishing().domains(), state.topics()),
            new TopicAdmin(config.kafka(), settings.replicationFactor()),
            timings.topicAge());
    this.records = new RecordFactory(topics, config.publishing().format());
    this.publishers =
        new Publishers(config.kafka(), config.publishing().delivery(), settings.maxMessageBytes());
    Bootstrap bootstrap =
        new Bootstrap(
            config.kafka(), state.topics(), publishers.delivery(), settings.replicationFactor());
    this.recovery = new PositionRecovery(config.recovery(), bootstrap, state);
    this.registry = new RegistryEditor(config.kafka(), state.topics());
    this.provisioner = new ShardProvisioner(state, topics, bootstrap, registry);
  }

  public ShardProvisioner provisioner() {
    return provisioner;
  }

  /** The group as commands see it. */
  public RelayGroup group() {
    return new RelayGroup(config, registry, topics, recovery);
  }

  TopicCatalog topics() {
    return topics;
  }

  Publishers publishers() {
    return publishers;
  }

  RelayStatistics statistics() {
    return statistics;
  }

  ShardAssignment assignment() {
    return new ShardAssignment(
        new AssignmentSettings(
            config.kafka(),
            state.topics().relays(),
            state.topics().positions(),
            config.identity().instance()));
  }

  RegistryWatch registryWatch(Runnable onChange) {
    return new RegistryWatch(config.kafka(), state.topics(), timings.registryInterval(), onChange);
  }

  ShardDirectory shardDirectory(RegistryWatch registered) {
    return new ShardDirectory(config.shards(), registered::all);
  }

  EngineRunFactory runs(ShardDirectory shards) {
    MaintenanceFactory maintenance =
        new MaintenanceFactory(
            config.maintenance(),
            config.kafka(),
            records,
            timings.maintenance(),
            timings.reconcile());
    QueueMemory memory = new QueueMemory(config.queueBytes(), shards);
    return new EngineRunFactory(
        config.kafka(), records, maintenance, memory, timings.supervision());
  }

  ShardFleet fleet(ShardDirectory shards, EngineRunFactory runs, ShardAssignment assignment) {
    TakeOver takeOver = new TakeOver(shards, registry, state, topics, publishers, recovery, runs);
    return new ShardFleet(shards, takeOver, assignment, statistics, timings.supervision());
  }

  Provisioning provisioning(ShardDirectory shards, ShardAssignment assignment) {
    return new Provisioning(shards, provisioner, assignment::isCoordinator, timings.supervision());
  }

  TransactionWatch transactionWatch(ShardDirectory shards) {
    return new TransactionWatch(
        config.kafka(),
        topics::everKnown,
        () -> state.transactionalIds(shards.registered().keySet()),
        timings.maintenance());
  }

  HeadroomWatch headroomWatch(ShardDirectory shards, ShardFleet fleet) {
    return new HeadroomWatch(
        shards,
        fleet::states,
        statistics,
        shard -> Optional.ofNullable(shard).flatMap(state::position),
        config.maintenance().headroomWarning());
  }
}
