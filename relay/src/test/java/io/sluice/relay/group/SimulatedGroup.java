package io.sluice.relay.group;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** A consumer group as Kafka runs it, with Kafka's own check of cooperative assignments. */
final class SimulatedGroup {

  /** Owners let go, others take over, and perhaps that once more. */
  private static final int MOST_ROUNDS = 6;

  private final Map<String, Member> members = new TreeMap<>();
  private final Set<Integer> interrupted = new TreeSet<>();
  private Map<Integer, Share> shares = new TreeMap<>();
  private ShardDistribution leader = new ShardDistribution();
  private int generation;
  private int names;

  String join(Optional<String> instance) {
    String id = "m%03d".formatted(names++);
    members.put(id, new Member(id, instance, -1, Set.of()));
    return id;
  }

  String join() {
    return join(Optional.empty());
  }

  Member leave(String id) {
    Member left = members.remove(id);
    if (left == null) {
      throw new IllegalArgumentException(id);
    }
    return left;
  }

  /** With what it believed when it was last heard of. */
  void returns(Member zombie) {
    members.put(zombie.id(), zombie);
  }

  void plan(Map<Integer, Share> plan) {
    shares = plan;
  }

  Map<Integer, Share> plan() {
    return shares;
  }

  List<Member> members() {
    return new ArrayList<>(members.values());
  }

  /** Assignments until one changes nothing, by a leader who knows nothing of those before. */
  void settle() {
    leader = new ShardDistribution();
    interrupted.clear();
    int rounds = 0;
    while (assign()) {
      assertTrue(++rounds <= MOST_ROUNDS, "no end of assignments: " + members);
    }
  }

  /** One assignment; whether it changed anything. */
  boolean assign() {
    Map<String, Set<Integer>> given = leader.assign(members.values(), shares);
    checkAsKafkaDoes(given);
    Claims claims = Claims.of(members.values());
    generation++;
    boolean changed = false;
    for (Member member : members()) {
      Set<Integer> owned = given.getOrDefault(member.id(), Set.of());
      changed |= !owned.equals(member.claimed());
      Set<Integer> revoked = new HashSet<>(member.claimed());
      revoked.removeAll(owned);
      revoked.stream()
          .filter(partition -> claims.owner(partition).equals(Optional.of(member)))
          .forEach(interrupted::add);
      members.put(member.id(), new Member(member.id(), member.instance(), generation, owned));
    }
    return changed;
  }

  /** See ConsumerCoordinator.validateCooperativeAssignment; and no partition goes to two. */
  private void checkAsKafkaDoes(Map<String, Set<Integer>> given) {
    Set<Integer> added = new HashSet<>();
    Set<Integer> revoked = new HashSet<>();
    Set<Integer> all = new HashSet<>();
    for (Member member : members.values()) {
      Set<Integer> mine = given.getOrDefault(member.id(), Set.of());
      mine.forEach(partition -> assertTrue(all.add(partition), partition + " is given to two"));
      mine.stream().filter(p -> !member.claimed().contains(p)).forEach(added::add);
      member.claimed().stream().filter(p -> !mine.contains(p)).forEach(revoked::add);
    }
    added.retainAll(revoked);
    assertTrue(added.isEmpty(), "still owned by others, yet given away: " + added);
  }

  Map<Integer, String> owners() {
    Map<Integer, String> owners = new HashMap<>();
    members.values().forEach(m -> m.claimed().forEach(p -> owners.put(p, m.id())));
    return owners;
  }

  Set<Integer> ownedBy(String id) {
    return members.values().stream()
        .filter(member -> member.id().equals(id))
        .findFirst()
        .orElseThrow()
        .claimed();
  }

  /** What its owner had to let go of in the last {@link #settle}. */
  Set<Integer> interrupted() {
    return new TreeSet<>(interrupted);
  }

  long weight(String id) {
    return ownedBy(id).stream().mapToLong(p -> shares.getOrDefault(p, Share.of(0)).weight()).sum();
  }
}
