package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.group.ShardAssignor.Voice;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.GroupSubscription;
import org.apache.kafka.clients.consumer.ConsumerPartitionAssignor.Subscription;
import org.apache.kafka.common.Cluster;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

class ShardAssignorTest {

  private static final String TOPIC = "positions";
  private static final Node BROKER = new Node(1, "broker", 9092);

  @Test
  void partitionZeroIsSomebodysWhateverThePlan() {
    assertEquals(Set.of(0), assign(assignor(Map.of()), cluster(3), Set.of()));
  }

  @Test
  void aPartitionThatIsPlannedButNotThereIsLeftOut() {
    ShardAssignor assignor = assignor(Map.of(1, Share.of(1), 5, Share.of(1)));
    assertEquals(Set.of(0, 1), assign(assignor, cluster(3), Set.of()));
  }

  @Test
  void whatIsOwnedStaysWhenTheLeaderHasJustLostSightOfTheTopic() {
    ShardAssignor assignor = assignor(Map.of(1, Share.of(1), 2, Share.of(1)));
    assertEquals(Set.of(0, 2), assign(assignor, cluster(0), Set.of(0, 2)));
  }

  private static ShardAssignor assignor(Map<Integer, Share> shares) {
    ShardAssignor assignor = new ShardAssignor();
    Voice voice = new Voice(TOPIC, Optional.of("relay"), () -> new AssignmentPlan(shares));
    assignor.configure(Map.of(ShardAssignor.VOICE, voice));
    return assignor;
  }

  private static Set<Integer> assign(ShardAssignor assignor, Cluster cluster, Set<Integer> owned) {
    Subscription subscription =
        new Subscription(
            List.of(TOPIC),
            assignor.subscriptionUserData(Set.of(TOPIC)),
            owned.stream().map(partition -> new TopicPartition(TOPIC, partition)).toList(),
            3,
            Optional.empty());
    return assignor
        .assign(cluster, new GroupSubscription(Map.of("member", subscription)))
        .groupAssignment()
        .values()
        .stream()
        .flatMap(assignment -> assignment.partitions().stream())
        .map(TopicPartition::partition)
        .collect(Collectors.toSet());
  }

  private static Cluster cluster(int partitions) {
    Node[] replicas = {BROKER};
    List<PartitionInfo> infos =
        IntStream.range(0, partitions)
            .mapToObj(number -> new PartitionInfo(TOPIC, number, BROKER, replicas, replicas))
            .toList();
    return new Cluster("cluster", List.of(BROKER), infos, new HashSet<>(), new HashSet<>());
  }
}
