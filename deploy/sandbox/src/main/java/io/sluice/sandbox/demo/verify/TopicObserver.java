package io.sluice.sandbox.demo.verify;

import io.sluice.outbox.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads all topics from their beginning, as a consumer of committed records that belongs to no
 * group, and counts how often each event appears. Used by one thread.
 */
public final class TopicObserver implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);

  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<UUID, Integer> seen = new HashMap<>();
  private long records;

  private TopicObserver(KafkaConsumer<byte[], byte[]> consumer, List<TopicPartition> partitions) {
    this.consumer = consumer;
    this.partitions = partitions;
  }

  /** Begins to observe topics that exist. */
  public static TopicObserver open(String bootstrapServers, Collection<String> topics) {
    KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of(
                ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                bootstrapServers,
                ConsumerConfig.ISOLATION_LEVEL_CONFIG,
                "read_committed",
                ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
                false,
                ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class,
                ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
                ByteArrayDeserializer.class));
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new TopicObserver(consumer, partitions);
  }

  /** Reads what has come since. */
  public void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      count(record);
    }
  }

  /** Reads until everything that is on the topics now was seen. */
  public void readToEnd() {
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
    while (ends.entrySet().stream()
        .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
      read();
    }
  }

  private void count(ConsumerRecord<byte[], byte[]> record) {
    Header id = record.headers().lastHeader(RecordHeaders.ID);
    if (id == null) {
      throw new IllegalStateException(
          "%s-%d at offset %d holds a record without an id: somebody else writes to the topic"
              .formatted(record.topic(), record.partition(), record.offset()));
    }
    records++;
    seen.merge(UUID.fromString(new String(id.value(), StandardCharsets.UTF_8)), 1, Integer::sum);
  }

  /** How many different events were seen. */
  public int events() {
    return seen.size();
  }

  /** How many records were seen. */
  public long records() {
    return records;
  }

  /** How often an event was seen. */
  public int timesSeen(UUID event) {
    return seen.getOrDefault(event, 0);
  }

  @Override
  public void close() {
    consumer.close();
  }
}
