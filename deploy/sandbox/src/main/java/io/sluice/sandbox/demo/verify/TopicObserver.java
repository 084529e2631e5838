package io.sluice.sandbox.demo.verify;

import io.sluice.outbox.RecordHeaders;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.zip.CRC32;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads all topics from their beginning, as a consumer of committed records that belongs to no
 * group, and counts how often each event appears. While the brokers do not answer, it receives
 * nothing; afterwards it continues from its position. Used by one thread.
 */
public final class TopicObserver implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(50);

  /** Longer than the relay's Kafka transactions may stay open. */
  private static final Duration END_TIMEOUT = Duration.ofSeconds(60);

  /** The first record of an event, and the number of its records. */
  private record Sighting(
      int times, TopicPartition partition, long offset, long keySum, long payloadSum) {
    Sighting and(Sighting other) {
      return new Sighting(times + other.times, partition, offset, keySum, payloadSum);
    }
  }

  private final String bootstrapServers;
  private final KafkaConsumer<byte[], byte[]> consumer;
  private final List<TopicPartition> partitions;
  private final Map<UUID, Sighting> seen = new HashMap<>();

  private TopicObserver(
      String bootstrapServers,
      KafkaConsumer<byte[], byte[]> consumer,
      List<TopicPartition> partitions) {
    this.bootstrapServers = bootstrapServers;
    this.consumer = consumer;
    this.partitions = partitions;
  }

  /** Starts to observe existing topics. */
  public static TopicObserver open(String bootstrapServers, Collection<String> topics) {
    KafkaConsumer<byte[], byte[]> consumer = consumer(bootstrapServers, "read_committed");
    List<TopicPartition> partitions =
        topics.stream()
            .flatMap(topic -> consumer.partitionsFor(topic).stream())
            .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new TopicObserver(bootstrapServers, consumer, partitions);
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String bootstrapServers, String isolation) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrapServers,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            isolation,
            // Applies only if a broker has lost records that were read. Then fail instead of
            // skipping.
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class,
            ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
            ByteArrayDeserializer.class));
  }

  /** Reads the new records. */
  public void read() {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      count(record);
    }
  }

  /**
   * Reads up to the current end of the topics. The end includes uncommitted records, so this method
   * waits until open transactions have ended.
   *
   * @throws IllegalStateException if the end is not reached in time
   */
  public void readToEnd() {
    Map<TopicPartition, Long> ends = ends();
    long deadline = System.nanoTime() + END_TIMEOUT.toNanos();
    for (List<String> behind = behind(ends); !behind.isEmpty(); behind = behind(ends)) {
      if (System.nanoTime() - deadline > 0) {
        throw new IllegalStateException(
            "the topics could not be read to their end within %s, a transaction is open on them: %s"
                .formatted(END_TIMEOUT, behind));
      }
      read();
    }
  }

  private List<String> behind(Map<TopicPartition, Long> ends) {
    return ends.entrySet().stream()
        .filter(end -> consumer.position(end.getKey()) < end.getValue())
        .map(
            end ->
                "%s stands at %d of %d"
                    .formatted(end.getKey(), consumer.position(end.getKey()), end.getValue()))
        .toList();
  }

  private Map<TopicPartition, Long> ends() {
    try (KafkaConsumer<byte[], byte[]> uncommitted =
        consumer(bootstrapServers, "read_uncommitted")) {
      return uncommitted.endOffsets(partitions);
    }
  }

  private void count(ConsumerRecord<byte[], byte[]> record) {
    Header id = record.headers().lastHeader(RecordHeaders.ID);
    if (id == null) {
      throw new IllegalStateException(
          "%s-%d at offset %d holds a record without an id: another producer writes to the topic"
              .formatted(record.topic(), record.partition(), record.offset()));
    }
    UUID event = UUID.fromString(new String(id.value(), StandardCharsets.UTF_8));
    Sighting sighting =
        new Sighting(
            1,
            new TopicPartition(record.topic(), record.partition()),
            record.offset(),
            checksum(record.key()),
            checksum(record.value()));
    seen.merge(event, sighting, Sighting::and);
  }

  private static long checksum(byte @Nullable [] bytes) {
    if (bytes == null) {
      return -1; // no checksum is negative
    }
    CRC32 checksum = new CRC32();
    checksum.update(bytes);
    return checksum.getValue();
  }

  /** The number of different events seen. */
  public int events() {
    return seen.size();
  }

  /** The number of records of an event. */
  public int timesSeen(UUID event) {
    Sighting sighting = seen.get(event);
    return sighting == null ? 0 : sighting.times();
  }

  /**
   * Whether the event was seen on this topic with this key and payload.
   *
   * @return also true if the event was not seen at all
   */
  boolean isAsWritten(UUID event, String topic, byte[] key, byte[] payload) {
    Sighting sighting = seen.get(event);
    return sighting == null
        || (sighting.partition().topic().equals(topic)
            && sighting.keySum() == checksum(key)
            && sighting.payloadSum() == checksum(payload));
  }

  /**
   * Whether a consumer may receive two events in the wrong order: the later one is before the
   * earlier one, or in another partition.
   *
   * @return false if the events were not both seen
   */
  boolean isReordered(UUID earlier, UUID later) {
    Sighting first = seen.get(earlier);
    Sighting second = seen.get(later);
    return first != null
        && second != null
        && (!first.partition().equals(second.partition()) || second.offset() < first.offset());
  }

  @Override
  public void close() {
    // Ctrl-C interrupts the run. The interrupt must not disturb the close of the consumer.
    boolean interrupted = Thread.interrupted();
    consumer.close();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
