package io.sluice.relay;

import io.sluice.relay.config.RelayConfig;
import io.sluice.relay.heal.PositionHealer;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.ledger.TopicContent;
import io.sluice.relay.provision.CommonTopics;
import io.sluice.relay.provision.NewBeginning;
import io.sluice.relay.provision.RegistryEditor;
import io.sluice.relay.provision.RegistryRestorer;
import io.sluice.relay.provision.ShardProvisioner;
import io.sluice.relay.provision.TopicProvisioner;
import io.sluice.relay.provision.TopicSettings;
import io.sluice.relay.publish.Publishers;
import io.sluice.relay.route.Routing;
import io.sluice.relay.route.TopicDirectory;
import io.sluice.relay.stats.AllStatistics;
import io.sluice.relay.supervise.Leftovers;
import io.sluice.relay.supervise.RelayLinks;
import io.sluice.relay.supervise.SourceCare;
import io.sluice.relay.upkeep.UpkeepFactory;

/** Puts a relay together from its configuration; connects to nothing. */
final class RelayParts {

  private final RelayConfig config;
  private final RelayLinks links;
  private final SourceCare care;
  private final ShardProvisioner provisioner;

  RelayParts(RelayConfig config) {
    this.config = config;
    InternalTopics internal = config.identity().topics();
    TopicSettings settings = config.publishing().topics();
    TopicDirectory topics =
        new TopicDirectory(
            settings.template(),
            config.publishing().domains(),
            settings.maxMessageBytes(),
            internal.deadLetters());
    CommonTopics common =
        new CommonTopics(
            internal,
            settings,
            topics.names(),
            new TopicProvisioner(config.kafka(), settings.replicationFactor()));
    Routing routing = Routing.of(topics, config.publishing().format(), common);
    Publishers publishers =
        new Publishers(config.kafka(), config.publishing().delivery(), settings.maxMessageBytes());
    NewBeginning beginnings =
        new NewBeginning(
            config.kafka(), internal, publishers.delivery(), settings.replicationFactor());
    links = new RelayLinks(config.kafka(), internal, publishers, common, routing);
    care =
        new SourceCare(
            new PositionHealer(
                config.care().healing(), beginnings, new TopicContent(config.kafka())),
            new UpkeepFactory(config.care().upkeep(), config.kafka(), routing),
            new AllStatistics(),
            new Leftovers(),
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

  SourceCare care() {
    return care;
  }

  ShardProvisioner provisioner() {
    return provisioner;
  }
}
