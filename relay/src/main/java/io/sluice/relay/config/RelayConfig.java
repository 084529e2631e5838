package io.sluice.relay.config;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.relay.publish.DeliveryGuarantee;
import io.sluice.relay.record.Domains;
import io.sluice.relay.record.RecordFormat;
import io.sluice.relay.record.TopicSettings;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.InternalTopics;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A relay's validated configuration. See {@code docs/configuration.md}.
 *
 * @param identity names of the group and of this relay
 * @param kafka connects to the brokers
 * @param publishing topics, records and domains
 * @param recovery recovery of lost positions
 * @param maintenance maintenance of tables
 * @param queueBytes maximum size of the rows that an engine reads ahead; empty to derive it from
 *     the heap
 * @param shards the relayed shards
 */
public record RelayConfig(
    Identity identity,
    KafkaSettings kafka,
    Publishing publishing,
    RecoverySettings recovery,
    MaintenanceSettings maintenance,
    OptionalLong queueBytes,
    List<ShardSource> shards) {

  public RelayConfig {
    shards = List.copyOf(shards);
  }

  /** This configuration with other shards. */
  public RelayConfig withShards(List<ShardSource> others) {
    return new RelayConfig(identity, kafka, publishing, recovery, maintenance, queueBytes, others);
  }

  /**
   * The names of the group and of this relay, and its HTTP endpoint.
   *
   * @param topics named after the setting {@code group}
   * @param instance name of this relay in the group; empty if it has none
   * @param ops the endpoint of probes and metrics
   */
  public record Identity(InternalTopics topics, Optional<String> instance, OpsSettings ops) {}

  /**
   * How events are published.
   *
   * @param delivery the delivery guarantee
   * @param topics names and settings of the domains' topics
   * @param format of records
   * @param domains that are published
   */
  public record Publishing(
      DeliveryGuarantee delivery, TopicSettings topics, RecordFormat format, Domains domains) {}
}
