package io.sluice.relay.record;

import io.sluice.outbox.TopicTemplate;

/**
 * Settings of new topics. Existing topics keep their settings.
 *
 * @param template template for the names of the domains' topics
 * @param partitions number of partitions of a domain's topic
 * @param replicationFactor replication factor of all topics, including the relay's internal ones
 * @param maxMessageBytes maximum bytes of a record batch of a domain's topic
 */
public record TopicSettings(
    TopicTemplate template, int partitions, short replicationFactor, int maxMessageBytes) {

  public static final int DEFAULT_PARTITIONS = 12;
  public static final short DEFAULT_REPLICATION_FACTOR = 3;

  /** 8 MiB. Kafka's default of 1 MiB is slightly too small for a payload of 1 MiB. */
  public static final int DEFAULT_MAX_MESSAGE_BYTES = 8 << 20;
}
