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
 * The provisioned sources, as all relays of a group see them. A source's partition is stored, never
 * computed, so that adding a source moves no other. Thread-safe.
 */
public final class ShardRegistry {

  private final KafkaSettings kafka;
  private final String topic;

  public ShardRegistry(KafkaSettings kafka, InternalTopics topics) {
    this.kafka = kafka;
    this.topic = topics.shards();
  }

  /** Every provisioned source, as of now. */
  public Map<ShardId, RegisteredShard> read() {
    Map<ShardId, RegisteredShard> sources = new TreeMap<>();
    TopicPartition partition = new TopicPartition(topic, 0);
    try (TopicTail tail = TopicTail.open(kafka)) {
      tail.read(
          partition, tail.begin(partition), tail.end(partition), record -> apply(record, sources));
    }
    return sources;
  }

  static void apply(ConsumerRecord<byte[], byte[]> record, Map<ShardId, RegisteredShard> sources) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    try {
      ShardId id = ShardId.of(key);
      if (record.value() == null) {
        sources.remove(id);
      } else {
        sources.put(id, RegistryFormat.fromJson(id, record.value()));
      }
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the entry '%s' in topic %s at offset %d cannot be used: %s"
              .formatted(key, record.topic(), record.offset(), e.getMessage()),
          "find out who wrote to the relay's own topic, and restore the entry",
          e);
    }
  }

  /**
   * The smallest partition no source has.
   *
   * @param held by positions, perhaps of sources that are not registered any more
   */
  public static int freePartition(Map<ShardId, RegisteredShard> sources, Set<Integer> held) {
    int free = 0;
    while (held.contains(free) || isTaken(free, sources)) {
      free++;
    }
    return free;
  }

  private static boolean isTaken(int partition, Map<ShardId, RegisteredShard> sources) {
    return sources.values().stream().anyMatch(source -> source.partition() == partition);
  }

  /** A record that registers a source, or changes what is registered of it. */
  public ProducerRecord<byte[], byte[]> record(RegisteredShard source) {
    return entry(source.id(), RegistryFormat.toJson(source));
  }

  /** A record after which a source is not registered any more. */
  public ProducerRecord<byte[], byte[]> removal(ShardId source) {
    return entry(source, null);
  }

  private ProducerRecord<byte[], byte[]> entry(ShardId source, byte @Nullable [] value) {
    return new ProducerRecord<>(topic, 0, source.value().getBytes(StandardCharsets.UTF_8), value);
  }
}
