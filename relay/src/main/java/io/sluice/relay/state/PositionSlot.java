package io.sluice.relay.state;

import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where the state of a source is kept: the same partition of two compacted topics.
 *
 * @param source also the key of its positions, so that compaction keeps the newest
 * @param positionsTopic how far it was published
 * @param repairsTopic what its owner has yet to put right
 * @param partition the source's own; fixed when it was provisioned
 */
public record PositionSlot(
    ShardId source, String positionsTopic, String repairsTopic, int partition) {

  /** The partition of its positions. */
  public TopicPartition positions() {
    return new TopicPartition(positionsTopic, partition);
  }

  /** The partition of its repairs. */
  public TopicPartition repairs() {
    return new TopicPartition(repairsTopic, partition);
  }

  /** A record that makes this the source's position. */
  public ProducerRecord<byte[], byte[]> record(Position position) {
    return new ProducerRecord<>(positionsTopic, partition, key(), position.toJson());
  }

  /** A record after which the source has no position. */
  public ProducerRecord<byte[], byte[]> removal() {
    return new ProducerRecord<>(positionsTopic, partition, key(), null);
  }

  /** A record of something to put right; without a value once that is done. */
  public ProducerRecord<byte[], byte[]> repair(String key, byte @Nullable [] value) {
    return new ProducerRecord<>(
        repairsTopic, partition, (source + "/" + key).getBytes(StandardCharsets.UTF_8), value);
  }

  private byte[] key() {
    return source.value().getBytes(StandardCharsets.UTF_8);
  }
}
