package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.OperatorNeededException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Registry of the provisioned shards that all relays of a group share. The partition of a shard is
 * stored, not computed, so that adding a shard does not move others. Thread-safe.
 */
public final class ShardRegistry {

  private final KafkaSettings kafka;
  private final String topic;

  public ShardRegistry(KafkaSettings kafka, InternalTopics topics) {
    this.kafka = kafka;
    this.topic = topics.shards();
  }

  /** Reads the current entries of all provisioned shards. */
  public Map<ShardId, RegisteredShard> read() {
    Map<ShardId, RegisteredShard> shards = new TreeMap<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (TopicTail tail = TopicTail.open(kafka)) {
      tail.read(
          partition, tail.begin(partition), tail.end(partition), record -> apply(record, shards));
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
        shards.put(id, RegistryFormat.fromJson(id, record.value()));
      }
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the entry '%s' in topic %s at offset %d cannot be parsed: %s"
              .formatted(key, record.topic(), record.offset(), e.getMessage()),
          "find the client that wrote to the relay's internal topic, and restore the entry",
          e);
    }
  }

  /**
   * Returns the smallest free partition.
   *
   * @param held partitions with positions, which may be of shards that are not registered any more
   */
  public static int freePartition(Map<ShardId, RegisteredShard> shards, Set<Integer> held) {
    int free = 0;
    while (held.contains(free) || isTaken(free, shards)) {
      free++;
    }
    return free;
  }

  private static boolean isTaken(int partition, Map<ShardId, RegisteredShard> shards) {
    return shards.values().stream().anyMatch(shard -> shard.partition() == partition);
  }

  /** Creates a record that adds or replaces the entry of a shard. */
  public ProducerRecord<byte[], byte[]> record(RegisteredShard shard) {
    return entry(shard.id(), RegistryFormat.toJson(shard));
  }

  /** Creates a tombstone that removes the entry of a shard. */
  public ProducerRecord<byte[], byte[]> removal(ShardId shard) {
    return entry(shard, null);
  }

  private ProducerRecord<byte[], byte[]> entry(ShardId shard, byte @Nullable [] value) {
    return new ProducerRecord<>(topic, 0, shard.value().getBytes(StandardCharsets.UTF_8), value);
  }
}
