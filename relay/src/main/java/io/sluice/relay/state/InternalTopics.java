package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.util.Set;

/**
 * Names of the relay's internal topics, transactional ids and consumer group. All begin with the
 * name of the relay group.
 *
 * @param group name of the relay group; the relays of a group share its shards
 */
public record InternalTopics(String group) {

  /** Registry of shards, with the partition of each shard in {@link #positions}. */
  public String shards() {
    return group + ".shards";
  }

  /** Position of each shard. The group's assignor distributes the partitions of this topic. */
  public String positions() {
    return group + ".positions";
  }

  /** Pending work of each shard. */
  public String repairs() {
    return group + ".repairs";
  }

  /** Whether a topic has the state of the relays or, like those that begin so, of the brokers. */
  public boolean isReserved(String topic) {
    return topic.startsWith("__")
        || topic.startsWith(group + ".schema-history.")
        || Set.of(shards(), positions(), repairs()).contains(topic);
  }

  /** Dead letters of events without a topic. */
  public String deadLetters() {
    return group + ".dead-letters";
  }

  /** Returns the location of a shard's state. */
  public PositionSlot slot(ShardId shard, int partition) {
    return new PositionSlot(shard, positions(), repairs(), partition);
  }

  /**
   * History of a shard's table definitions, written by the engine.
   *
   * @param edition identifies the history; each new first position begins a new one
   */
  public String schemaHistory(ShardId shard, String edition) {
    return group + ".schema-history." + shard + "." + edition;
  }

  /** Consumer group that assigns the shards to relays. */
  public String relays() {
    return group + ".relays";
  }

  /** Transactional id of the producer that publishes the shard. */
  public String transactionalId(ShardId shard) {
    return group + ".shard." + shard;
  }

  /** Transactional id of the producer that changes {@link #shards}. */
  public String provisioningTransactionalId() {
    return group + ".provisioning";
  }
}
