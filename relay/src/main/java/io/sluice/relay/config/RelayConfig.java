package io.sluice.relay.config;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.ledger.InternalTopics;
import io.sluice.relay.provision.TopicSettings;
import io.sluice.relay.shard.ShardSource;
import java.util.List;

/**
 * A relay's whole configuration, checked. See {@code docs/configuration.md}.
 *
 * @param internalTopics named after the setting {@code group}
 * @param kafka how to reach the brokers
 * @param topics how the domains' topics are called and made
 * @param domains which may be published
 * @param shards which are relayed
 */
public record RelayConfig(
    InternalTopics internalTopics,
    KafkaSettings kafka,
    TopicSettings topics,
    List<EventDomain> domains,
    List<ShardSource> shards) {

  public RelayConfig {
    domains = List.copyOf(domains);
    shards = List.copyOf(shards);
  }
}
