package io.sluice.relay.publish;

import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a shard's positions are kept.
 *
 * @param shard also the record key, so that compaction keeps the newest
 * @param topic the positions topic
 * @param partition the shard's own; fixed when the shard was provisioned
 */
public record PositionSlot(ShardId shard, String topic, int partition) {

  public TopicPartition topicPartition() {
    return new TopicPartition(topic, partition);
  }

  /** A record that makes this the shard's position. */
  public ProducerRecord<byte[], byte[]> record(RelayPosition position) {
    byte[] key = shard.value().getBytes(StandardCharsets.UTF_8);
    return new ProducerRecord<>(topic, partition, key, position.toJson());
  }
}
