package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Relays come, go and come back from the dead, shards come and go: what must hold in the end. */
class ShardDistributionRandomTest {

  private static final int STEPS = 250;

  private final SimulatedGroup group = new SimulatedGroup();
  private final List<Member> zombies = new ArrayList<>();

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyShardHasOneOwnerAndNothingMovesInVain(long seed) {
    Random random = new Random(seed);
    group.plan(randomPlan(random, 1 + random.nextInt(8)));
    group.join();
    for (int step = 0; step < STEPS; step++) {
      Map<Integer, String> before = group.owners();
      String event = event(random);
      group.settle();
      String where = "seed %d, step %d, %s: %s".formatted(seed, step, event, group.members());
      assertEquals(group.plan().keySet(), group.owners().keySet(), where);
      assertPinsHold(where);
      assertBalanced(where);
      assertNothingCameBack(before, where);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void withEqualSharesTheFewestMove(long seed) {
    Random random = new Random(seed);
    Map<Integer, Share> plan = new TreeMap<>();
    int count = 10 + random.nextInt(50);
    for (int partition = 0; partition < count; partition++) {
      plan.put(partition, Share.of(1));
    }
    group.plan(plan);
    group.join();
    group.settle();
    for (int step = 0; step < STEPS; step++) {
      int members = group.members().size();
      boolean joins = members == 1 || (members < 9 && random.nextBoolean());
      if (joins) {
        group.join();
      } else {
        group.leave(anyMember(random).id());
      }
      group.settle();
      int most = joins ? count / (members + 1) : 0;
      assertEquals(most, group.interrupted().size(), "seed %d, step %d".formatted(seed, step));
    }
  }

  private String event(Random random) {
    int kind = random.nextInt(10);
    if (kind < 4 && group.members().size() < 9) {
      return "join " + group.join(name(random));
    }
    if (kind < 7 && group.members().size() > 1) {
      Member left = group.leave(anyMember(random).id());
      zombies.add(left);
      return "leave " + left.id();
    }
    if (kind == 7 && !zombies.isEmpty()) {
      Member zombie = zombies.remove(random.nextInt(zombies.size()));
      if (zombie.instance().isPresent() && isTaken(zombie.instance().get())) {
        return "nothing";
      }
      group.returns(zombie);
      return "zombie " + zombie.id();
    }
    group.plan(changed(random));
    return "plan " + group.plan();
  }

  private Member anyMember(Random random) {
    return group.members().get(random.nextInt(group.members().size()));
  }

  private Optional<String> name(Random random) {
    String name = "relay-" + random.nextInt(5);
    return random.nextBoolean() && !isTaken(name) ? Optional.of(name) : Optional.empty();
  }

  private boolean isTaken(String name) {
    return group.members().stream().anyMatch(m -> m.instance().equals(Optional.of(name)));
  }

  private Map<Integer, Share> changed(Random random) {
    Map<Integer, Share> plan = new HashMap<>(group.plan());
    int partition = random.nextInt(40);
    if (partition != 0 && plan.remove(partition) != null) {
      return plan;
    }
    plan.put(partition, randomShare(random));
    return plan;
  }

  private static Map<Integer, Share> randomPlan(Random random, int count) {
    Map<Integer, Share> plan = new TreeMap<>();
    for (int partition = 0; partition < count; partition++) {
      plan.put(partition, randomShare(random));
    }
    return plan;
  }

  private static Share randomShare(Random random) {
    int weight = random.nextInt(10);
    return random.nextInt(6) == 0
        ? Share.pinned(weight, "relay-" + random.nextInt(5))
        : Share.of(weight);
  }

  private void assertPinsHold(String where) {
    for (Member member : group.members()) {
      group
          .plan()
          .forEach(
              (partition, share) -> {
                if (share.pinnedTo().isPresent() && share.pinnedTo().equals(member.instance())) {
                  assertTrue(member.claimed().contains(partition), where);
                }
              });
    }
  }

  /** No share could go elsewhere so that the two are closer together. */
  private void assertBalanced(String where) {
    for (Member from : group.members()) {
      for (int partition : from.claimed()) {
        Share share = group.plan().getOrDefault(partition, Share.of(0));
        boolean pinned = share.pinnedTo().isPresent() && share.pinnedTo().equals(from.instance());
        long least =
            group.members().stream().mapToLong(m -> group.weight(m.id())).min().orElseThrow();
        long apart = group.weight(from.id()) - least;
        assertTrue(pinned || share.weight() == 0 || share.weight() >= apart, where);
      }
    }
  }

  /** Whoever still owns a shard was not made to let go of it in between. */
  private void assertNothingCameBack(Map<Integer, String> before, String where) {
    Set<Integer> interrupted = group.interrupted();
    group
        .owners()
        .forEach(
            (partition, owner) -> {
              if (owner.equals(before.get(partition))) {
                assertTrue(!interrupted.contains(partition), partition + " came back: " + where);
              }
            });
  }
}
