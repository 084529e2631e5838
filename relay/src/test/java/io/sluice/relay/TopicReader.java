package io.sluice.relay;

import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Reads one topic from its beginning, as a consumer of committed records. */
public final class TopicReader implements AutoCloseable {

  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final KafkaConsumer<String, byte[]> consumer;
  private final String topic;
  private final Predicate<ConsumerRecord<String, byte[]>> isWanted;
  private final List<ConsumerRecord<String, byte[]>> records = new ArrayList<>();

  private TopicReader(
      KafkaConsumer<String, byte[]> consumer,
      String topic,
      Predicate<ConsumerRecord<String, byte[]>> isWanted) {
    this.consumer = consumer;
    this.topic = topic;
    this.isWanted = isWanted;
  }

  public static TopicReader open(String bootstrapServers, String topic) {
    return open(bootstrapServers, topic, record -> true);
  }

  /** Reads the records of one shard. */
  public static TopicReader open(String bootstrapServers, String topic, ShardId shard) {
    return open(
        bootstrapServers, topic, record -> header(record, "outbox-shard").equals(shard.value()));
  }

  private static TopicReader open(
      String bootstrapServers, String topic, Predicate<ConsumerRecord<String, byte[]>> isWanted) {
    KafkaConsumer<String, byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrapServers, "isolation.level", "read_committed"),
            new StringDeserializer(),
            new ByteArrayDeserializer());
    // The relay may be about to create the topic.
    Await.until(() -> !consumer.partitionsFor(topic).isEmpty());
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    consumer.assign(partitions);
    consumer.seekToBeginning(partitions);
    return new TopicReader(consumer, topic, isWanted);
  }

  /** Waits for this number of records, and returns all so far. */
  public List<ConsumerRecord<String, byte[]>> await(int count) {
    return awaitAll(read -> read.size() >= count, count + " records");
  }

  /** Waits for a record with this id, and returns all records so far. */
  public List<ConsumerRecord<String, byte[]>> awaitId(Object id) {
    return awaitAll(
        read -> read.stream().anyMatch(record -> header(record, "id").equals(id.toString())),
        "event " + id);
  }

  /**
   * Reads this number of records without keeping them; fails after a while without records.
   *
   * @return the number of different ids
   */
  public long countDistinctIds(long count) {
    Set<String> ids = new HashSet<>();
    long read = 0;
    long progressAt = System.nanoTime();
    while (read < count) {
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (isWanted.test(record)) {
          ids.add(header(record, "id"));
          read++;
          progressAt = System.nanoTime();
        }
      }
      if (System.nanoTime() - progressAt > TIMEOUT.toNanos()) {
        fail("only %d of %d records on %s".formatted(read, count, topic));
      }
    }
    return ids.size();
  }

  private List<ConsumerRecord<String, byte[]>> awaitAll(
      Predicate<List<ConsumerRecord<String, byte[]>>> enough, String what) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    while (!enough.test(records)) {
      if (System.nanoTime() - deadline > 0) {
        fail("%s not on %s after %s, only %d".formatted(what, topic, TIMEOUT, records.size()));
      }
      for (ConsumerRecord<String, byte[]> record : consumer.poll(Duration.ofMillis(100))) {
        if (isWanted.test(record)) {
          records.add(record);
        }
      }
    }
    return List.copyOf(records);
  }

  public static String header(ConsumerRecord<String, byte[]> record, String name) {
    var header = record.headers().lastHeader(name);
    return header == null ? "(none)" : new String(header.value(), StandardCharsets.UTF_8);
  }

  public static String text(ConsumerRecord<String, byte[]> record) {
    return new String(record.value(), StandardCharsets.UTF_8);
  }

  public static List<String> ids(List<ConsumerRecord<String, byte[]>> records) {
    return records.stream().map(record -> header(record, "id")).toList();
  }

  @Override
  public void close() {
    consumer.close();
  }
}
