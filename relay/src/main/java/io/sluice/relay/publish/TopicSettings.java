package io.sluice.relay.publish;

import io.sluice.outbox.TopicTemplate;

/**
 * How topics are made that do not exist yet; those that do are left as they are.
 *
 * @param template names the domains' topics
 * @param partitions of a domain's topic
 * @param replicationFactor of every topic, the relay's own included
 * @param maxMessageBytes the largest record batch a domain's topic takes, in bytes
 */
public record TopicSettings(
    TopicTemplate template, int partitions, short replicationFactor, int maxMessageBytes) {

  public static final int DEFAULT_PARTITIONS = 12;
  public static final short DEFAULT_REPLICATION_FACTOR = 3;

  /** 8 MiB: Kafka's own default of 1 MiB is just too small for a payload of 1 MiB. */
  public static final int DEFAULT_MAX_MESSAGE_BYTES = 8 << 20;
}
