package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import java.util.Collection;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * The state of shards that a group keeps in Kafka. Only the holder of a shard's transactional id
 * can rely on what it reads to stay the latest. Thread-safe.
 *
 * @param kafka connects to the brokers
 * @param topics of the group
 */
public record StateStore(KafkaSettings kafka, InternalTopics topics) {

  /** Where the state of a shard is stored. */
  public PositionSlot slot(RegisteredShard shard) {
    return topics.slot(shard.id(), shard.partition());
  }

  /** The stored position of a shard; empty if it is lost. */
  public Optional<StoredPosition> position(RegisteredShard shard) {
    return PositionReader.read(kafka, slot(shard));
  }

  /** What former owners of a shard have left to be done. */
  public PendingWork pendingWork(RegisteredShard shard) {
    return new PendingWorkReader(kafka).read(slot(shard));
  }

  /** The transactional ids of all producers of the group. */
  public Set<String> transactionalIds(Collection<ShardId> shards) {
    Set<String> ids = new HashSet<>();
    ids.add(topics.provisioningTransactionalId());
    shards.forEach(id -> ids.add(topics.transactionalId(id)));
    return ids;
  }
}
