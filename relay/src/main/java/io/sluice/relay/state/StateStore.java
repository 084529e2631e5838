package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.OperatorNeededException;
import io.sluice.relay.shard.TransientException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * The state that a group keeps in Kafka: the registry of its shards, and the position and pending
 * work of each. Only the holder of a shard's transactional id can rely on what it reads to stay the
 * latest. Thread-safe.
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
    return PendingWork.read(kafka, slot(shard));
  }

  /** The current entries of all registered shards. */
  public Map<ShardId, RegisteredShard> registered() {
    Map<ShardId, RegisteredShard> shards = new TreeMap<>();
    try (TopicTail tail = TopicTail.open(kafka)) {
      tail.readAll(new TopicPartition(topics.shards(), 0), record -> apply(record, shards));
    }
    return shards;
  }

  static void apply(ConsumerRecord<byte[], byte[]> record, Map<ShardId, RegisteredShard> shards) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    try {
      ShardId id = ShardId.of(key);
      if (record.value() == null) {
        shards.remove(id);
      } else {
        shards.put(id, RegisteredShard.fromJson(id, record.value()));
      }
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the entry '%s' in topic %s at offset %d cannot be parsed: %s"
              .formatted(key, record.topic(), record.offset(), e.getMessage()),
          "find the client that wrote to the relay's internal topic, and restore the entry",
          e);
    }
  }

  /** Creates a record that adds or replaces a shard's entry in the registry. */
  public ProducerRecord<byte[], byte[]> registration(RegisteredShard shard) {
    return entry(shard.id(), shard.toJson());
  }

  /** Creates a tombstone that removes a shard's entry from the registry. */
  public ProducerRecord<byte[], byte[]> registrationRemoval(ShardId shard) {
    return entry(shard, null);
  }

  private ProducerRecord<byte[], byte[]> entry(ShardId shard, byte @Nullable [] value) {
    return new ProducerRecord<>(
        topics.shards(), 0, shard.value().getBytes(StandardCharsets.UTF_8), value);
  }

  /**
   * Whether a topic with one partition exists and still contains its first record.
   *
   * @throws TransientException if Kafka does not answer
   */
  public boolean isFilled(String topic) {
    String problem = "topic %s could not be described".formatted(topic);
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      admin.await(problem, client -> client.describeTopics(List.of(topic)).allTopicNames());
      return offset(admin, topic, OffsetSpec.earliest()) == 0
          && offset(admin, topic, OffsetSpec.latest()) > 0;
    } catch (TransientException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  private static long offset(KafkaAdmin admin, String topic, OffsetSpec which) {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .await(
            "offsets of topic %s could not be read".formatted(topic),
            client -> client.listOffsets(Map.of(partition, which)).partitionResult(partition))
        .offset();
  }

  /** The transactional ids of all producers of the group. */
  public Set<String> transactionalIds(Collection<ShardId> shards) {
    Set<String> ids = new HashSet<>();
    ids.add(topics.provisioningTransactionalId());
    shards.forEach(id -> ids.add(topics.transactionalId(id)));
    return ids;
  }
}
