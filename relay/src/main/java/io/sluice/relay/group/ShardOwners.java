package io.sluice.relay.group;

import io.sluice.relay.kafka.KafkaAdmin;
import io.sluice.relay.kafka.KafkaSettings;
import io.sluice.relay.shard.TransientException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/**
 * Reads from Kafka which relay owns which partition, for operators. Thread-safe.
 *
 * @param kafka connects to the brokers
 * @param group the consumer group of the relays
 * @param topic the topic with one partition for each shard
 */
public record ShardOwners(KafkaSettings kafka, String group, String topic) {

  /**
   * The owner of a partition.
   *
   * @param relay its name in the group, which its log shows
   * @param host its address
   * @param state its last report; empty if there is none yet
   */
  public record Owner(String relay, String host, String state) {}

  /**
   * The present owners.
   *
   * @return by partition; without those that have no owner, such as all during a rebalance
   * @throws TransientException if Kafka does not answer
   */
  public Map<Integer, Owner> read() {
    try (KafkaAdmin admin = KafkaAdmin.open(kafka)) {
      Collection<MemberDescription> members = members(admin);
      Map<Integer, Owner> owners = new TreeMap<>();
      if (!members.isEmpty()) {
        Map<TopicPartition, OffsetAndMetadata> offsets =
            admin.await(
                "offsets of group '%s' could not be read".formatted(group),
                client -> client.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata());
        members.forEach(member -> add(member, offsets, owners));
      }
      return owners;
    }
  }

  private Collection<MemberDescription> members(KafkaAdmin admin) {
    try {
      return admin
          .await(
              "group '%s' could not be described".formatted(group),
              client -> client.describeConsumerGroups(List.of(group)).describedGroups().get(group))
          .members();
    } catch (TransientException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        return List.of();
      }
      throw e;
    }
  }

  private void add(
      MemberDescription member,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Map<Integer, Owner> owners) {
    String relay = member.groupInstanceId().orElse(member.clientId());
    String host = member.host().startsWith("/") ? member.host().substring(1) : member.host();
    for (TopicPartition partition : member.assignment().topicPartitions()) {
      OffsetAndMetadata offset = offsets.get(partition);
      if (partition.topic().equals(topic)) {
        String state = offset == null ? "" : offset.metadata();
        owners.put(partition.partition(), new Owner(relay, host, state));
      }
    }
  }
}
