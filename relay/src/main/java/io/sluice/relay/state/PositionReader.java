package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.OperatorNeededException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the newest positions of shards from Kafka. The result is certain to stay the newest only if
 * the caller's producer has the shard's transactional id. Used by one thread.
 */
public final class PositionReader implements AutoCloseable {

  /** Number of records at the end that are read first. They nearly always include the newest. */
  private static final long FIRST_STEP = 64;

  private final TopicTail tail;

  private PositionReader(TopicTail tail) {
    this.tail = tail;
  }

  /** Opens a reader. */
  public static PositionReader open(KafkaSettings kafka) {
    return new PositionReader(TopicTail.open(kafka));
  }

  /** Opens a reader for the newest position of one shard. */
  public static Optional<StoredPosition> read(KafkaSettings kafka, PositionSlot slot) {
    try (PositionReader reader = open(kafka)) {
      return reader.read(slot);
    }
  }

  /**
   * Reads the newest position of a shard.
   *
   * @return the position with the time when it was stored; empty if the topic does not contain it
   * @throws OperatorNeededException if it cannot be parsed
   */
  public Optional<StoredPosition> read(PositionSlot slot) {
    byte[] key = slot.source().value().getBytes(StandardCharsets.UTF_8);
    return newest(slot.positions(), record -> Arrays.equals(key, record.key()))
        .map(record -> parse(slot, record));
  }

  /**
   * Finds the shard of the newest position in each partition. These shards were registered, even if
   * the registry is lost.
   *
   * @param registered partitions to skip
   * @return the shards with their partitions
   */
  public Map<ShardId, Integer> holders(String positionsTopic, Set<Integer> registered) {
    Map<ShardId, Integer> holders = new TreeMap<>();
    for (TopicPartition partition : tail.partitions(positionsTopic)) {
      if (registered.contains(partition.partition())) {
        continue;
      }
      newest(partition, record -> record.key() != null)
          .ifPresent(record -> holders.put(shard(record), partition.partition()));
    }
    return holders;
  }

  private static ShardId shard(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    try {
      return ShardId.of(key);
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the entry '%s' in topic %s, partition %d, at offset %d does not belong to a shard: %s"
              .formatted(key, record.topic(), record.partition(), record.offset(), e.getMessage()),
          "find the client that wrote to the relay's internal topic, and remove the entry",
          e);
    }
  }

  private Optional<ConsumerRecord<byte[], byte[]>> newest(
      TopicPartition partition, Predicate<ConsumerRecord<byte[], byte[]>> wanted) {
    long begin = tail.begin(partition);
    long to = tail.end(partition);
    for (long step = FIRST_STEP; to > begin; step *= 4) {
      long from = Math.max(begin, to - step);
      Deque<ConsumerRecord<byte[], byte[]>> found = new ArrayDeque<>();
      tail.read(
          partition,
          from,
          to,
          record -> {
            if (wanted.test(record)) {
              found.clear();
              found.add(record);
            }
          });
      if (!found.isEmpty()) {
        // The last record is a tombstone if the shard was removed.
        return Optional.of(found.getLast()).filter(record -> record.value() != null);
      }
      to = from;
    }
    return Optional.empty();
  }

  private static StoredPosition parse(PositionSlot slot, ConsumerRecord<byte[], byte[]> record) {
    try {
      return new StoredPosition(
          Position.fromJson(record.value()), Instant.ofEpochMilli(record.timestamp()));
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the position of shard '%s' in %s at offset %d cannot be parsed: %s"
              .formatted(slot.source(), slot.positions(), record.offset(), e.getMessage()),
          "run the relay version that wrote it",
          e);
    }
  }

  @Override
  public void close() {
    tail.close();
  }
}
