package io.sluice.relay.state;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.kafka.OpenTransaction;
import io.sluice.relay.shard.TransientException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Reads the committed records of one partition at a time up to its end. The end includes
 * uncommitted records: a reader that stopped before an open transaction would take an old record
 * for the newest. Used by one thread.
 */
public final class TopicTail implements AutoCloseable {

  private static final int TIMEOUT_MILLIS = 30_000;
  private static final Duration POLL = Duration.ofMillis(200);

  /** Maximum bytes of a fetch from a broker. A larger batch is still fetched, alone. */
  private static final int FETCH_BYTES = 4 << 20;

  private static final Map<String, Object> DEFAULTS =
      Map.of(
          ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
          false,
          ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
          "none",
          ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
          false,
          ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
          TIMEOUT_MILLIS,
          // Many instances may read at the same time, and Kafka's default is 50 MB.
          ConsumerConfig.FETCH_MAX_BYTES_CONFIG,
          FETCH_BYTES,
          ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG,
          FETCH_BYTES / 4,
          ConsumerConfig.KEY_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class,
          ConsumerConfig.VALUE_DESERIALIZER_CLASS_CONFIG,
          ByteArrayDeserializer.class);

  private final KafkaConsumer<byte[], byte[]> committed;
  private final KafkaConsumer<byte[], byte[]> uncommitted;
  private final KafkaSettings kafka;

  private TopicTail(
      KafkaConsumer<byte[], byte[]> committed,
      KafkaConsumer<byte[], byte[]> uncommitted,
      KafkaSettings kafka) {
    this.kafka = kafka;
    this.committed = committed;
    this.uncommitted = uncommitted;
  }

  static TopicTail open(KafkaSettings kafka) {
    return new TopicTail(
        consumer(kafka, "read_committed"), consumer(kafka, "read_uncommitted"), kafka);
  }

  public static KafkaConsumer<byte[], byte[]> consumer(KafkaSettings kafka, String isolation) {
    Map<String, Object> properties = new HashMap<>(DEFAULTS);
    properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
    return new KafkaConsumer<>(kafka.with(properties));
  }

  List<TopicPartition> partitions(String topic) {
    return uncommitted.partitionsFor(topic).stream()
        .map(partition -> new TopicPartition(topic, partition.partition()))
        .toList();
  }

  long begin(TopicPartition partition) {
    return single(uncommitted.beginningOffsets(List.of(partition)));
  }

  long end(TopicPartition partition) {
    return single(uncommitted.endOffsets(List.of(partition)));
  }

  private static long single(Map<TopicPartition, Long> offsets) {
    return offsets.values().iterator().next();
  }

  /** Passes all committed records to an action, in their order. See {@link #read}. */
  void readAll(TopicPartition partition, Consumer<ConsumerRecord<byte[], byte[]>> action) {
    read(partition, begin(partition), end(partition), action);
  }

  /**
   * Passes the committed records between two offsets to an action, in their order.
   *
   * @throws TransientException if the end is not reached in time, for example because a transaction
   *     is open
   */
  void read(
      TopicPartition partition,
      long from,
      long to,
      Consumer<ConsumerRecord<byte[], byte[]>> action) {
    committed.assign(List.of(partition));
    committed.seek(partition, from);
    long deadline = System.nanoTime() + TIMEOUT_MILLIS * 1_000_000L;
    while (committed.position(partition) < to) {
      if (System.nanoTime() - deadline > 0) {
        throw new TransientException(
            "%s could not be read to its end %d within %d ms, reached %d: %s"
                .formatted(
                    partition,
                    to,
                    TIMEOUT_MILLIS,
                    committed.position(partition),
                    OpenTransaction.describe(kafka, partition)),
            null);
      }
      committed.poll(POLL).records(partition).stream()
          .filter(record -> record.offset() < to)
          .forEach(action);
    }
  }

  @Override
  public void close() {
    try (committed;
        uncommitted) {
      // Closes both consumers, even if closing the first fails.
    }
  }
}
