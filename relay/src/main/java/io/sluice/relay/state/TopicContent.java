package io.sluice.relay.state;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Detects topics that have lost records. Thread-safe. */
public final class TopicContent {

  private final KafkaSettings kafka;

  public TopicContent(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * Whether a topic with one partition exists and still contains its first record.
   *
   * @throws TransientException if Kafka does not answer
   */
  public boolean isFilled(String topic) {
    String problem = "topic %s could not be described".formatted(topic);
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      admin.await(problem, client -> client.describeTopics(List.of(topic)).allTopicNames());
      return offset(admin, topic, OffsetSpec.earliest()) == 0
          && offset(admin, topic, OffsetSpec.latest()) > 0;
    } catch (TransientException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw e;
    }
  }

  private static long offset(KafkaAdmin admin, String topic, OffsetSpec which) {
    TopicPartition partition = new TopicPartition(topic, 0);
    return admin
        .await(
            "offsets of topic %s could not be read".formatted(topic),
            client -> client.listOffsets(Map.of(partition, which)).partitionResult(partition))
        .offset();
  }
}
