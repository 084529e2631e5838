package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Location of a shard's state: one partition number in two compacted topics.
 *
 * @param source id of the shard, or of a source with several shards; the key of its positions, so
 *     that compaction keeps the newest
 * @param positionsTopic topic of positions
 * @param pendingWorkTopic topic of pending work
 * @param partition partition of the shard in both topics; fixed when the shard was provisioned
 */
public record PositionSlot(
    ShardId source, String positionsTopic, String pendingWorkTopic, int partition) {

  /** The partition with the positions. */
  public TopicPartition positions() {
    return new TopicPartition(positionsTopic, partition);
  }

  /** The partition with the pending work. */
  public TopicPartition pendingWork() {
    return new TopicPartition(pendingWorkTopic, partition);
  }

  /** Creates a record that sets the position. */
  public ProducerRecord<byte[], byte[]> record(Position position) {
    return new ProducerRecord<>(positionsTopic, partition, key(), position.toJson());
  }

  /** Creates a tombstone that removes the position. */
  public ProducerRecord<byte[], byte[]> removal() {
    return new ProducerRecord<>(positionsTopic, partition, key(), null);
  }

  /** Creates a record that stores a work item. */
  public ProducerRecord<byte[], byte[]> record(WorkItem item) {
    return workItem(item, WorkItemFormat.toJson(item));
  }

  /** Creates a tombstone that removes a completed work item. */
  public ProducerRecord<byte[], byte[]> removal(WorkItem item) {
    return workItem(item, null);
  }

  private ProducerRecord<byte[], byte[]> workItem(WorkItem item, byte @Nullable [] value) {
    byte[] key = (source + "/" + item.key()).getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(pendingWorkTopic, partition, key, value);
  }

  private byte[] key() {
    return source.value().getBytes(StandardCharsets.UTF_8);
  }
}
