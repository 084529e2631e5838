package io.sluice.relay.reconcile;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import io.sluice.relay.state.TopicTail;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndTimestamp;
import org.apache.kafka.common.TopicPartition;

/**
 * Reads the committed records of all partitions of a topic, from a given time up to the ends of the
 * partitions, including open transactions, at the time of its creation. Used by one thread.
 */
final class TopicScan implements AutoCloseable {

  private static final Duration POLL = Duration.ofMillis(200);

  /**
   * Allows for clocks that differ, and for records with times before those of their predecessors,
   * because transactions may be long.
   */
  private static final Duration MARGIN = Duration.ofHours(1);

  private final KafkaConsumer<byte[], byte[]> consumer;

  /** For offsets: a consumer of committed records gets no offset inside an open transaction. */
  private final KafkaConsumer<byte[], byte[]> uncommitted;

  /** Up to where to read. */
  private final Map<TopicPartition, Long> ends;

  private final Retention retention;
  private final Duration stallLimit;

  private TopicScan(
      KafkaConsumer<byte[], byte[]> consumer,
      KafkaConsumer<byte[], byte[]> uncommitted,
      Map<TopicPartition, Long> ends,
      Retention retention,
      Duration stallLimit) {
    this.consumer = consumer;
    this.uncommitted = uncommitted;
    this.ends = ends;
    this.retention = retention;
    this.stallLimit = stallLimit;
  }

  static TopicScan open(
      KafkaSettings kafka, String topic, Retention retention, Duration stallLimit) {
    KafkaConsumer<byte[], byte[]> committed = TopicTail.consumer(kafka, "read_committed");
    KafkaConsumer<byte[], byte[]> uncommitted = TopicTail.consumer(kafka, "read_uncommitted");
    try {
      return new TopicScan(committed, uncommitted, ends(uncommitted, topic), retention, stallLimit);
    } catch (RuntimeException e) {
      committed.close();
      uncommitted.close();
      throw e;
    }
  }

  private static Map<TopicPartition, Long> ends(KafkaConsumer<?, ?> consumer, String topic) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic).stream()
            .map(partition -> new TopicPartition(topic, partition.partition()))
            .toList();
    if (partitions.isEmpty()) {
      throw new TransientException("topic %s does not exist".formatted(topic), null);
    }
    return new HashMap<>(consumer.endOffsets(partitions));
  }

  /**
   * Passes all records from this time on to the action, until the ends or until it is enough.
   * Records that an earlier call has passed are not read again.
   */
  void from(
      Instant oldest, Consumer<ConsumerRecord<byte[], byte[]>> action, BooleanSupplier isEnough) {
    Map<TopicPartition, Long> starts = seek(oldest);
    Set<TopicPartition> unread = new HashSet<>(starts.keySet());
    long progressAt = System.nanoTime();
    while (!unread.isEmpty() && !isEnough.getAsBoolean()) {
      var records = consumer.poll(POLL);
      for (ConsumerRecord<byte[], byte[]> record : records) {
        // A poll reads on behind the end.
        if (record.offset() < end(new TopicPartition(record.topic(), record.partition()))) {
          action.accept(record);
        }
      }
      if (unread.removeIf(partition -> consumer.position(partition) >= end(partition))
          || !records.isEmpty()) {
        progressAt = System.nanoTime();
      } else if (System.nanoTime() - progressAt > stallLimit.toNanos()) {
        throw new TransientException(
            "partitions %s could not be read to their ends within %s".formatted(unread, stallLimit),
            null);
      }
    }
    ends.putAll(starts);
  }

  /**
   * Seeks to the first records since this time.
   *
   * @return where to begin, for the partitions with such records
   */
  private Map<TopicPartition, Long> seek(Instant oldest) {
    Map<TopicPartition, Long> starts = new HashMap<>();
    long millis = Math.max(0, oldest.toEpochMilli());
    ends.keySet().forEach(partition -> starts.put(partition, millis));
    uncommitted
        .offsetsForTimes(Map.copyOf(starts))
        .forEach(
            (partition, start) -> {
              if (start != null && start.offset() < end(partition)) {
                starts.put(partition, start.offset());
              } else {
                starts.remove(partition);
              }
            });
    consumer.assign(starts.keySet());
    starts.forEach(consumer::seek);
    return starts;
  }

  private long end(TopicPartition partition) {
    return Objects.requireNonNull(ends.get(partition));
  }

  /**
   * The time from which on no record was deleted from the topic. Call it after the scan, because
   * records may be deleted during the scan.
   */
  Instant completeSince() {
    if (retention instanceof Retention.AnyRecord) {
      return Instant.MAX;
    }
    List<TopicPartition> cut =
        uncommitted.beginningOffsets(ends.keySet()).entrySet().stream()
            .filter(begin -> begin.getValue() > 0)
            .map(Map.Entry::getKey)
            .toList();
    if (!cut.isEmpty() && retention instanceof Retention.ByTime kept) {
      return Instant.now().minus(kept.time()).plus(MARGIN);
    }
    return cut.stream().map(this::firstTime).max(Comparator.naturalOrder()).orElse(Instant.MIN);
  }

  /** The time from which on the partition is complete, by its oldest record. */
  private Instant firstTime(TopicPartition partition) {
    OffsetAndTimestamp first = uncommitted.offsetsForTimes(Map.of(partition, 0L)).get(partition);
    return first == null ? Instant.MAX : Instant.ofEpochMilli(first.timestamp()).plus(MARGIN);
  }

  @Override
  public void close() {
    try (consumer;
        uncommitted) {
      // closes both, even if one fails
    }
  }
}
