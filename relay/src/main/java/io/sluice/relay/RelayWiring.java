package io.sluice.relay;

import io.sluice.relay.admin.RegistryEditor;
import io.sluice.relay.admin.RegistryRestorer;
import io.sluice.relay.admin.ShardProvisioner;
import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.maintenance.MaintenanceFactory;
import io.sluice.relay.pipeline.RelayStatistics;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.publish.Routing;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.publish.TopicDirectory;
import io.sluice.relay.publish.TopicProvisioner;
import io.sluice.relay.publish.TopicSettings;
import io.sluice.relay.recovery.Bootstrap;
import io.sluice.relay.recovery.PositionRecovery;
import io.sluice.relay.state.InternalTopics;
import io.sluice.relay.state.TopicContent;
import io.sluice.relay.supervise.LeakedThreads;
import io.sluice.relay.supervise.RelayLinks;
import io.sluice.relay.supervise.SourceCare;

/** Puts a relay together from its configuration; connects to nothing. */
public final class RelayWiring {

  private final RelayConfig config;
  private final RelayLinks links;
  private final SourceCare care;
  private final ShardProvisioner provisioner;

  public RelayWiring(RelayConfig config) {
    this(config, RelayTimings.PRODUCTION);
  }

  RelayWiring(RelayConfig config, RelayTimings timings) {
    this.config = config;
    InternalTopics internal = config.identity().topics();
    TopicSettings settings = config.publishing().topics();
    TopicDirectory topics =
        new TopicDirectory(
            settings.template(),
            config.publishing().domains(),
            settings.maxMessageBytes(),
            internal.deadLetters());
    TopicCatalog common =
        new TopicCatalog(
            internal,
            settings,
            topics.names(),
            new TopicProvisioner(config.kafka(), settings.replicationFactor()),
            timings.topicAge());
    Routing routing = Routing.of(topics, config.publishing().format(), common);
    Publishers publishers =
        new Publishers(config.kafka(), config.publishing().delivery(), settings.maxMessageBytes());
    Bootstrap beginnings =
        new Bootstrap(
            config.kafka(), internal, publishers.delivery(), settings.replicationFactor());
    links = new RelayLinks(config.kafka(), internal, publishers, common, routing);
    care =
        new SourceCare(
            new PositionRecovery(
                config.care().healing(), beginnings, new TopicContent(config.kafka())),
            new MaintenanceFactory(
                config.care().upkeep(),
                config.kafka(),
                routing,
                timings.maintenance(),
                timings.reconcile()),
            new RelayStatistics(),
            new LeakedThreads(),
            config.care().queueBytes());
    RegistryEditor registry = new RegistryEditor(config.kafka(), internal);
    provisioner =
        new ShardProvisioner(
            internal,
            common,
            beginnings,
            registry,
            new RegistryRestorer(config.kafka(), internal, registry));
  }

  RelayConfig config() {
    return config;
  }

  RelayLinks links() {
    return links;
  }

  public SourceCare care() {
    return care;
  }

  public ShardProvisioner provisioner() {
    return provisioner;
  }
}
