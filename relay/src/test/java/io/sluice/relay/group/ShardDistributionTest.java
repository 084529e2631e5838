package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class ShardDistributionTest {

  private final SimulatedGroup group = new SimulatedGroup();

  @Test
  void aLoneRelayOwnsEverything() {
    group.plan(equalShares(5));
    String relay = group.join();
    group.settle();
    assertEquals(Set.of(0, 1, 2, 3, 4), group.ownedBy(relay));
  }

  @Test
  void aNewcomerTakesNoMoreThanItsPart() {
    group.plan(equalShares(12));
    String first = group.join();
    String second = group.join();
    group.settle();
    Map<Integer, String> before = group.owners();
    String third = group.join();
    group.settle();
    assertEquals(4, group.ownedBy(first).size());
    assertEquals(4, group.ownedBy(second).size());
    assertEquals(4, group.ownedBy(third).size());
    assertEquals(group.ownedBy(third), group.interrupted());
    group.owners().entrySet().stream()
        .filter(entry -> !entry.getValue().equals(third))
        .forEach(entry -> assertEquals(before.get(entry.getKey()), entry.getValue()));
  }

  @Test
  void ifARelayLeavesNothingElseMoves() {
    group.plan(equalShares(12));
    String first = group.join();
    String second = group.join();
    String third = group.join();
    group.settle();
    group.leave(second);
    group.settle();
    assertEquals(Set.of(), group.interrupted());
    assertEquals(6, group.ownedBy(first).size());
    assertEquals(6, group.ownedBy(third).size());
  }

  @Test
  void whatMovesIsFirstGivenToNobody() {
    group.plan(equalShares(4));
    String first = group.join();
    group.settle();
    String second = group.join();
    group.assign();
    assertEquals(2, group.ownedBy(first).size());
    assertEquals(Set.of(), group.ownedBy(second));
    group.assign();
    assertEquals(2, group.ownedBy(second).size());
    assertFalse(group.assign());
  }

  @Test
  void weightsAreBalancedNotNumbers() {
    group.plan(
        Map.of(0, Share.of(6), 1, Share.of(2), 2, Share.of(2), 3, Share.of(1), 4, Share.of(1)));
    String first = group.join();
    String second = group.join();
    group.settle();
    assertEquals(6, group.weight(first));
    assertEquals(6, group.weight(second));
  }

  @Test
  void aShareTooHeavyToHelpStays() {
    group.plan(Map.of(0, Share.of(10), 1, Share.of(1)));
    String first = group.join();
    group.settle();
    String second = group.join();
    group.settle();
    assertEquals(Set.of(0), group.ownedBy(first));
    assertEquals(Set.of(1), group.ownedBy(second));
    String third = group.join();
    group.settle();
    assertEquals(Set.of(), group.interrupted());
    assertEquals(Set.of(), group.ownedBy(third));
  }

  @Test
  void aPinnedShareIsWithItsRelayWheneverThatIsThere() {
    Map<Integer, Share> plan = equalShares(4);
    plan.put(3, Share.pinned(1, "b"));
    group.plan(plan);
    String a = group.join(Optional.of("a"));
    group.settle();
    assertTrue(group.ownedBy(a).contains(3), "anybody's while its relay is away");
    String b = group.join(Optional.of("b"));
    group.settle();
    assertTrue(group.ownedBy(b).contains(3), "its relay's when that has come");
    assertEquals(2, group.ownedBy(a).size());
    group.leave(b);
    group.settle();
    assertTrue(group.ownedBy(a).contains(3), "anybody's again");
  }

  @Test
  void pinnedWeightCountsAndTheRestGoesElsewhere() {
    group.plan(
        Map.of(0, Share.of(2), 1, Share.pinned(5, "a"), 2, Share.pinned(5, "a"), 3, Share.of(2)));
    String a = group.join(Optional.of("a"));
    String other = group.join();
    group.settle();
    assertEquals(Set.of(1, 2), group.ownedBy(a));
    assertEquals(Set.of(0, 3), group.ownedBy(other));
  }

  @Test
  void whatIsNoLongerPlannedIsLetGo() {
    group.plan(equalShares(4));
    String relay = group.join();
    group.settle();
    Map<Integer, Share> fewer = equalShares(4);
    fewer.remove(2);
    group.plan(fewer);
    group.settle();
    assertEquals(Set.of(0, 1, 3), group.ownedBy(relay));
  }

  @Test
  void aZombieDoesNotKeepWhatHasANewOwner() {
    group.plan(equalShares(4));
    String first = group.join();
    String second = group.join();
    group.settle();
    Member zombie = group.leave(first);
    group.settle();
    assertEquals(4, group.ownedBy(second).size());
    group.returns(zombie);
    group.assign();
    assertEquals(Set.of(), group.ownedBy(first));
    assertEquals(2, group.ownedBy(second).size(), "the rest is on its way, to nobody yet");
    group.settle();
    assertEquals(2, group.ownedBy(first).size());
    assertEquals(2, group.ownedBy(second).size());
  }

  @Test
  void neitherIsBelievedIfTwoClaimTheSameOfTheSameAssignment() {
    group.plan(equalShares(2));
    group.returns(new Member("x", Optional.empty(), 7, Set.of(0)));
    group.returns(new Member("y", Optional.empty(), 7, Set.of(0, 1)));
    group.assign();
    assertEquals(Set.of(), group.ownedBy("x"));
    assertEquals(Set.of(1), group.ownedBy("y"));
    group.settle();
    assertEquals(Set.of(0), group.ownedBy("x"));
  }

  private static Map<Integer, Share> equalShares(int count) {
    Map<Integer, Share> shares = new TreeMap<>();
    for (int partition = 0; partition < count; partition++) {
      shares.put(partition, Share.of(1));
    }
    return new HashMap<>(shares);
  }
}
