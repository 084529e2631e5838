package io.sluice.relay.state;

import static io.sluice.relay.kafka.KafkaAnswers.await;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Tells whether topics have lost what was in them. Thread-safe. */
public final class TopicContent {

  private final KafkaSettings kafka;

  public TopicContent(KafkaSettings kafka) {
    this.kafka = kafka;
  }

  /**
   * Whether the topic of one partition exists and still begins with its first record.
   *
   * @throws TransientException if Kafka does not answer
   */
  public boolean isFilled(String topic) {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (Admin admin = Admin.create(kafka.forAdmin())) {
      await(admin.describeTopics(List.of(topic)).allTopicNames());
      long begin =
          await(
                  admin
                      .listOffsets(Map.of(partition, OffsetSpec.earliest()))
                      .partitionResult(partition))
              .offset();
      long end =
          await(
                  admin
                      .listOffsets(Map.of(partition, OffsetSpec.latest()))
                      .partitionResult(partition))
              .offset();
      return begin == 0 && end > 0;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException) {
        return false;
      }
      throw new TransientException(
          "topic %s could not be looked at: %s".formatted(topic, e.getCause()), e);
    }
  }
}
