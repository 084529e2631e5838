package io.sluice.relay.ledger;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.sluice.outbox.ShardId;
import io.sluice.relay.failure.OperatorNeededException;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.publish.PositionSlot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * The provisioned shards and the partition each was given. A partition is stored, never computed,
 * so that adding a shard moves no other.
 */
public final class ShardRegistry {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String PARTITION = "partition";

  private final KafkaSettings kafka;
  private final InternalTopics topics;

  public ShardRegistry(KafkaSettings kafka, InternalTopics topics) {
    this.kafka = kafka;
    this.topics = topics;
  }

  /** Every provisioned shard with the place of its positions. */
  public Map<ShardId, PositionSlot> read() {
    Map<ShardId, PositionSlot> slots = new TreeMap<>();
    try (TopicTail tail = TopicTail.open(kafka, new TopicPartition(topics.shards(), 0))) {
      tail.read(tail.begin(), tail.end(), record -> apply(record, slots));
    }
    return Collections.unmodifiableMap(slots);
  }

  private void apply(ConsumerRecord<byte[], byte[]> record, Map<ShardId, PositionSlot> slots) {
    ShardId shard = ShardId.of(new String(record.key(), StandardCharsets.UTF_8));
    if (record.value() == null) {
      slots.remove(shard);
      return;
    }
    slots.put(shard, new PositionSlot(shard, topics.positions(), partition(shard, record)));
  }

  private int partition(ShardId shard, ConsumerRecord<byte[], byte[]> record) {
    try {
      JsonNode partition = JSON.readTree(record.value()).path(PARTITION);
      if (partition.canConvertToInt()) {
        return partition.intValue();
      }
    } catch (IOException e) {
      throw unreadable(shard, record, e);
    }
    throw unreadable(shard, record, null);
  }

  private OperatorNeededException unreadable(
      ShardId shard, ConsumerRecord<byte[], byte[]> record, @Nullable IOException cause) {
    return new OperatorNeededException(
        "the entry of shard '%s' in topic %s at offset %d is not {\"%s\": number}"
            .formatted(shard, topics.shards(), record.offset(), PARTITION),
        "find out who wrote to the relay's own topic, and restore the entry",
        cause);
  }

  /** The smallest partition no shard has. */
  public static int freePartition(Map<ShardId, PositionSlot> slots) {
    int free = 0;
    while (isTaken(free, slots)) {
      free++;
    }
    return free;
  }

  private static boolean isTaken(int partition, Map<ShardId, PositionSlot> slots) {
    return slots.values().stream().anyMatch(slot -> slot.partition() == partition);
  }

  /** A record that registers a shard. */
  public ProducerRecord<byte[], byte[]> record(PositionSlot slot) {
    ObjectNode entry = JSON.createObjectNode().put(PARTITION, slot.partition());
    return new ProducerRecord<>(
        topics.shards(),
        0,
        slot.shard().value().getBytes(StandardCharsets.UTF_8),
        entry.toString().getBytes(StandardCharsets.UTF_8));
  }
}
