package io.sluice.relay.group;

import static io.sluice.relay.kafka.KafkaAnswers.await;

import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Who owns which partition, asked of Kafka: for people, seen from outside. Thread-safe.
 *
 * @param group the consumer group of the relays
 * @param topic the topic whose partitions stand for shards
 */
public record ShardOwners(KafkaSettings kafka, String group, String topic) {

  private static final Map<String, Object> ADMIN =
      Map.of(
          AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
          15_000,
          AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG,
          5_000);

  /**
   * The owner of a partition.
   *
   * @param relay its instance name, or what Kafka calls it
   * @param host where it is
   * @param state what it last reported; empty if nothing yet
   */
  public record Owner(String relay, String host, String state) {}

  /**
   * The owners at this moment, by partition; those without one are left out, which is all of them
   * while the group is about to assign.
   *
   * @throws TransientException if Kafka does not tell
   */
  public Map<Integer, Owner> read() {
    try (Admin admin = Admin.create(kafka.with(ADMIN))) {
      Optional<ConsumerGroupDescription> description = describe(admin);
      if (description.isEmpty()) {
        return Map.of();
      }
      Map<TopicPartition, OffsetAndMetadata> offsets =
          await(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
      Map<Integer, Owner> owners = new TreeMap<>();
      description.get().members().forEach(member -> add(member, offsets, owners));
      return Collections.unmodifiableMap(owners);
    } catch (ExecutionException e) {
      throw unknown(e.getCause() == null ? e : e.getCause());
    }
  }

  private Optional<ConsumerGroupDescription> describe(Admin admin) throws ExecutionException {
    try {
      return Optional.ofNullable(
          await(admin.describeConsumerGroups(List.of(group)).all()).get(group));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void add(
      MemberDescription member,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Map<Integer, Owner> owners) {
    String relay = member.groupInstanceId().orElse(member.consumerId());
    String host = member.host().startsWith("/") ? member.host().substring(1) : member.host();
    for (TopicPartition partition : member.assignment().topicPartitions()) {
      OffsetAndMetadata offset = offsets.get(partition);
      if (partition.topic().equals(topic)) {
        String state = offset == null ? "" : offset.metadata();
        owners.put(partition.partition(), new Owner(relay, host, state));
      }
    }
  }

  private TransientException unknown(Throwable cause) {
    return new TransientException(
        "Kafka does not tell who is in group '%s': %s".formatted(group, cause), cause);
  }
}
