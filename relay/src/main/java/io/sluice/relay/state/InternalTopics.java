package io.sluice.relay.state;

import io.sluice.outbox.ShardId;

/**
 * Names of the relay's own topics, transactional ids and consumer group, all beginning with the
 * relay group's name.
 *
 * @param group relays of one group share their shards; two groups know nothing of one another
 */
public record InternalTopics(String group) {

  /** Which sources there are, and which partition of {@link #positions} each has. */
  public String shards() {
    return group + ".shards";
  }

  /** How far each source has been published. Its partitions are what relays share out. */
  public String positions() {
    return group + ".positions";
  }

  /** What the owner of each source has yet to put right. */
  public String repairs() {
    return group + ".repairs";
  }

  /** Where events go that cannot go to their domain's topic, for want of one. */
  public String deadLetters() {
    return group + ".dead-letters";
  }

  /** The place of a source's state. */
  public PositionSlot slot(ShardId source, int partition) {
    return new PositionSlot(source, positions(), repairs(), partition);
  }

  /**
   * The history of a source's table definitions, written by the engine.
   *
   * @param edition tells it from those of earlier first positions: one begins a new history
   */
  public String schemaHistory(ShardId source, String edition) {
    return group + ".schema-history." + source + "." + edition;
  }

  /** The consumer group by which relays share the sources. */
  public String relays() {
    return group + ".relays";
  }

  /** Held by whoever publishes the source. */
  public String transactionalId(ShardId source) {
    return group + ".shard." + source;
  }

  /** Held by whoever changes {@link #shards}. */
  public String provisioningTransactionalId() {
    return group + ".provisioning";
  }
}
