package io.sluice.relay.group;

import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Configurable;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Kafka's way to {@link ShardDistribution}: cooperative, so that a shard that does not move is not
 * interrupted. Made by the consumer, which hands it the {@link Voice} of its relay.
 */
public final class ShardAssignor implements ConsumerPartitionAssignor, Configurable {

  /** The property under which the consumer is given the {@link Voice}. */
  static final String VOICE = "sluice.assignment.voice";

  private final ShardDistribution distribution = new ShardDistribution();
  private @Nullable Voice voice;

  /** What a relay has to say in its group. */
  record Voice(String topic, Optional<String> instance, Supplier<AssignmentPlan> plan) {}

  @Override
  public void configure(Map<String, ?> properties) {
    voice = (Voice) properties.get(VOICE);
  }

  private Voice voice() {
    if (voice == null) {
      throw new IllegalStateException("not configured with " + VOICE);
    }
    return voice;
  }

  /** Never to change: relays of several versions share a group while they are upgraded. */
  @Override
  public String name() {
    return "sluice-shards";
  }

  @Override
  public List<RebalanceProtocol> supportedProtocols() {
    return List.of(RebalanceProtocol.COOPERATIVE);
  }

  @Override
  public ByteBuffer subscriptionUserData(Set<String> topics) {
    return new MemberTag(voice().instance()).encode();
  }

  @Override
  public GroupAssignment assign(Cluster cluster, GroupSubscription group) {
    List<Member> members =
        group.groupSubscription().entrySet().stream()
            .map(entry -> member(entry.getKey(), entry.getValue()))
            .toList();
    Map<String, Assignment> assignments = new HashMap<>();
    distribution
        .assign(members, shares(cluster, members))
        .forEach((id, partitions) -> assignments.put(id, assignment(partitions)));
    return new GroupAssignment(assignments);
  }

  private Member member(String id, Subscription subscription) {
    Set<Integer> claimed =
        subscription.ownedPartitions().stream()
            .filter(partition -> partition.topic().equals(voice().topic()))
            .map(TopicPartition::partition)
            .collect(Collectors.toSet());
    return new Member(
        id,
        MemberTag.decode(subscription.userData()).instance(),
        subscription.generationId().orElse(-1),
        claimed);
  }

  /** The plan, as far as there are partitions. One that is owned is there, whatever we know. */
  private Map<Integer, Share> shares(Cluster cluster, Collection<Member> members) {
    Map<Integer, Share> shares = new HashMap<>(voice().plan().get().shares());
    shares.putIfAbsent(AssignmentPlan.COORDINATOR_PARTITION, Share.of(0));
    Set<Integer> present = new HashSet<>();
    cluster.partitionsForTopic(voice().topic()).forEach(info -> present.add(info.partition()));
    members.forEach(member -> present.addAll(member.claimed()));
    shares.keySet().retainAll(present);
    return shares;
  }

  private Assignment assignment(Set<Integer> partitions) {
    return new Assignment(
        partitions.stream()
            .sorted()
            .map(partition -> new TopicPartition(voice().topic(), partition))
            .toList());
  }
}
