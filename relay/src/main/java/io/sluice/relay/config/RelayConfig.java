package io.sluice.relay.config;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.maintenance.MaintenanceSettings;
import io.sluice.relay.ops.OpsSettings;
import io.sluice.relay.publish.Delivery;
import io.sluice.relay.publish.Domains;
import io.sluice.relay.publish.RecordFormat;
import io.sluice.relay.publish.TopicSettings;
import io.sluice.relay.recovery.RecoverySettings;
import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.state.InternalTopics;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A relay's whole configuration, checked. See {@code docs/configuration.md}.
 *
 * @param identity who this relay is
 * @param kafka how to reach the brokers
 * @param publishing what is published, and how
 * @param care what is done beside that
 * @param shards which are relayed
 */
public record RelayConfig(
    Identity identity,
    KafkaSettings kafka,
    Publishing publishing,
    Care care,
    List<ShardSource> shards) {

  public RelayConfig {
    shards = List.copyOf(shards);
  }

  /** This, with the shards of another. */
  public RelayConfig withShardsOf(RelayConfig other) {
    return new RelayConfig(identity, kafka, publishing, care, other.shards);
  }

  /**
   * Who a relay is, and where it is to be seen.
   *
   * @param topics named after the setting {@code group}
   * @param instance its own name in the group; empty if it has none
   * @param ops where it answers probes and shows its metrics
   */
  public record Identity(InternalTopics topics, Optional<String> instance, OpsSettings ops) {

    /** One that is seen at the usual place. */
    public Identity(InternalTopics topics, Optional<String> instance) {
      this(topics, instance, OpsSettings.DEFAULT);
    }
  }

  /**
   * What is published, and how.
   *
   * @param delivery what is promised
   * @param topics how the domains' topics are called and made
   * @param format of records
   * @param domains which may be published
   */
  public record Publishing(
      Delivery delivery, TopicSettings topics, RecordFormat format, Domains domains) {}

  /**
   * What is done for each shard beside publishing.
   *
   * @param healing of lost positions
   * @param upkeep of tables
   * @param headroomWarning is given when the server will keep what is unread for less than this
   * @param queueBytes of rows an engine reads ahead, at most; empty for what the heap allows
   */
  public record Care(
      RecoverySettings healing,
      MaintenanceSettings upkeep,
      Duration headroomWarning,
      OptionalLong queueBytes) {

    public static final Duration DEFAULT_HEADROOM_WARNING = Duration.ofDays(1);

    /** The usual. */
    public static final Care DEFAULT =
        new Care(
            RecoverySettings.DEFAULT,
            MaintenanceSettings.DEFAULT,
            DEFAULT_HEADROOM_WARNING,
            OptionalLong.empty());
  }
}
