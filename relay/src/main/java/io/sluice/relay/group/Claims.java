package io.sluice.relay.group;

import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Who owns what, by the members' own account. Where several claim a partition, the one that heard
 * of the latest assignment has it: the others missed that they lost it. Where several heard of the
 * same one, neither is believed.
 */
final class Claims {

  private final Map<Integer, Member> owners = new HashMap<>();
  private final Set<Integer> claimed = new HashSet<>();

  static Claims of(Collection<Member> members) {
    Claims claims = new Claims();
    Map<Integer, Integer> latest = new HashMap<>();
    for (Member member : members) {
      for (int partition : member.claimed()) {
        claims.add(partition, member, latest);
      }
    }
    return claims;
  }

  private void add(int partition, Member member, Map<Integer, Integer> latest) {
    claimed.add(partition);
    int best = latest.getOrDefault(partition, Integer.MIN_VALUE);
    if (member.generation() > best) {
      latest.put(partition, member.generation());
      owners.put(partition, member);
    } else if (member.generation() == best) {
      owners.remove(partition);
    }
  }

  Optional<Member> owner(int partition) {
    return Optional.ofNullable(owners.get(partition));
  }

  /** Whether the member may be given the partition now: it has it, or nobody thinks to have it. */
  boolean allow(int partition, Member member) {
    return owner(partition).map(member::equals).orElse(!claimed.contains(partition));
  }
}
