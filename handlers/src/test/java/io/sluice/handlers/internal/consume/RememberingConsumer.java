package io.sluice.handlers.internal.consume;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.MockConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.consumer.OffsetCommitCallback;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;

/** A mock consumer that remembers commits. Kafka's own forgets them in a rebalance. */
final class RememberingConsumer extends MockConsumer<byte[], byte[]> {

  static final TopicPartition P0 = new TopicPartition(Records.TOPIC, 0);
  static final TopicPartition P1 = new TopicPartition(Records.TOPIC, 1);

  private final Map<TopicPartition, Long> commits = new ConcurrentHashMap<>();
  private boolean wakes;

  RememberingConsumer() {
    super("earliest");
  }

  /** Creates a consumer for the topic of {@link Records}, which has two empty partitions. */
  static RememberingConsumer withTopic() {
    RememberingConsumer consumer = new RememberingConsumer();
    Node node = new Node(1, "127.0.0.1", 1);
    Node[] replicas = {node};
    consumer.updatePartitions(
        Records.TOPIC,
        List.of(
            new PartitionInfo(Records.TOPIC, 0, node, replicas, replicas),
            new PartitionInfo(Records.TOPIC, 1, node, replicas, replicas)));
    consumer.updateBeginningOffsets(Map.of(P0, 0L, P1, 0L));
    return consumer;
  }

  // Synchronous commits also call this method.
  @Override
  public synchronized void commitAsync(
      Map<TopicPartition, OffsetAndMetadata> offsets, @Nullable OffsetCommitCallback callback) {
    offsets.forEach((partition, offset) -> commits.put(partition, offset.offset()));
    super.commitAsync(offsets, callback);
  }

  /** Lets the next question for a position find a wake-up. */
  void wakesAtPosition() {
    wakes = true;
  }

  @Override
  public synchronized long position(TopicPartition partition, Duration timeout) {
    if (wakes) {
      wakes = false;
      throw new WakeupException();
    }
    return super.position(partition, timeout);
  }

  /** The last committed offset; null if there is none. */
  @Nullable Long lastCommit(TopicPartition partition) {
    return commits.get(partition);
  }
}
