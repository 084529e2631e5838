package io.sluice.relay.group;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Assigns for the whole group: says what each member may own from now on. Used by the thread of the
 * relay that leads the group.
 *
 * <p>A partition that is to move is given to nobody at first: its owner lets go of it, joins again,
 * and the assignment that follows gives it out. In between the promise is remembered, lest a
 * partition come back to where it was taken from; a new leader knows of no promise, which costs at
 * worst such a move.
 */
final class ShardDistribution {

  private Map<Integer, String> promises = Map.of();

  /** What each member owns, by its id. */
  Map<String, Set<Integer>> assign(Collection<Member> members, Map<Integer, Share> shares) {
    Claims claims = Claims.of(members);
    Map<String, Set<Integer>> granted = new HashMap<>();
    Map<Integer, String> withheld = new HashMap<>();
    for (Load load : Balance.of(members, claims, promises, shares)) {
      Member member = load.member();
      Set<Integer> grants = new TreeSet<>();
      for (int partition : load.partitions()) {
        if (claims.allow(partition, member)) {
          grants.add(partition);
        } else {
          withheld.put(partition, member.id());
        }
      }
      granted.put(member.id(), grants);
    }
    promises = withheld;
    return granted;
  }
}
