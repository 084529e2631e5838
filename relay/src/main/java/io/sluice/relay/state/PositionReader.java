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
 * Reads the newest positions of sources from Kafka, as long as it is open. Only whoever holds a
 * source's transactional id can be sure that what it reads stays the newest. Used by one thread.
 */
public final class PositionReader implements AutoCloseable {

  /** Records looked at first, from the end backwards; the newest is nearly always among them. */
  private static final long FIRST_STEP = 64;

  private final TopicTail tail;

  private PositionReader(TopicTail tail) {
    this.tail = tail;
  }

  /** Opens a reader. */
  public static PositionReader open(KafkaSettings kafka) {
    return new PositionReader(TopicTail.open(kafka));
  }

  /** The newest position of one source. */
  public static Optional<StoredPosition> read(KafkaSettings kafka, PositionSlot slot) {
    try (PositionReader reader = open(kafka)) {
      return reader.read(slot);
    }
  }

  /**
   * The newest position, with the time it was stored; none if the topic has lost it.
   *
   * @throws OperatorNeededException if it cannot be read
   */
  public Optional<StoredPosition> read(PositionSlot slot) {
    byte[] key = slot.source().value().getBytes(StandardCharsets.UTF_8);
    return newest(slot.positions(), record -> Arrays.equals(key, record.key()))
        .map(record -> parse(slot, record));
  }

  /**
   * Which source the newest position in each partition of the topic is of, with that partition.
   * Such a source was registered, whatever has become of the registry.
   *
   * @param registered partitions that need not be looked at
   */
  public Map<ShardId, Integer> holders(String positionsTopic, Set<Integer> registered) {
    Map<ShardId, Integer> holders = new TreeMap<>();
    for (TopicPartition partition : tail.partitions(positionsTopic)) {
      if (registered.contains(partition.partition())) {
        continue;
      }
      newest(partition, record -> record.key() != null)
          .ifPresent(record -> holders.put(source(record), partition.partition()));
    }
    return holders;
  }

  private static ShardId source(ConsumerRecord<byte[], byte[]> record) {
    String key = new String(record.key(), StandardCharsets.UTF_8);
    try {
      return ShardId.of(key);
    } catch (IllegalArgumentException e) {
      throw new OperatorNeededException(
          "the entry '%s' in topic %s, partition %d, at offset %d is of no source: %s"
              .formatted(key, record.topic(), record.partition(), record.offset(), e.getMessage()),
          "find out who wrote to the relay's own topic, and remove the entry",
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
        // A source that was removed has no position, whatever it had before.
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
          "the position of shard '%s' in %s at offset %d cannot be used: %s"
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
