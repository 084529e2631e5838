package io.sluice.relay.ledger;

import io.sluice.outbox.ShardId;

/**
 * Names of the relay's own topics, consumer group and transactional ids, all beginning with the
 * relay group's name.
 *
 * @param group relays of one group share their shards; two groups know nothing of one another
 */
public record InternalTopics(String group) {

  /** Which partition of {@link #positions} belongs to which shard. */
  public String shards() {
    return group + ".shards";
  }

  /** How far each shard has been published. */
  public String positions() {
    return group + ".positions";
  }

  /** The consumer group by which relays share the partitions of {@link #positions}. */
  public String relays() {
    return group + ".relays";
  }

  /** The history of a shard's table definitions, written by the engine. */
  public String schemaHistory(ShardId shard) {
    return group + ".schema-history." + shard;
  }

  /** Held by whoever publishes the shard. */
  public String transactionalId(ShardId shard) {
    return group + ".shard." + shard;
  }

  /** Held by whoever provisions shards. */
  public String provisioningTransactionalId() {
    return group + ".provisioning";
  }
}
