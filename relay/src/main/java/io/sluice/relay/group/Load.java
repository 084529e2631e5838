package io.sluice.relay.group;

import java.util.Comparator;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** What one member is to own. Used by one thread. */
final class Load {

  /** Where the next share goes to first. */
  static final Comparator<Load> LIGHTEST_FIRST =
      Comparator.comparingLong(Load::weight)
          .thenComparingInt(Load::count)
          .thenComparing(load -> load.member().name())
          .thenComparing(load -> load.member().id());

  private final Member member;
  private final Set<Integer> pinned = new TreeSet<>();
  private final Map<Integer, Integer> movable = new TreeMap<>();
  private long weight;

  Load(Member member) {
    this.member = member;
  }

  Member member() {
    return member;
  }

  long weight() {
    return weight;
  }

  /** Weights of those that may as well be elsewhere. */
  Map<Integer, Integer> movable() {
    return movable;
  }

  void pin(int partition, int share) {
    pinned.add(partition);
    weight += share;
  }

  void add(int partition, int share) {
    movable.put(partition, share);
    weight += share;
  }

  void moveTo(Load other, int partition) {
    Integer share = movable.remove(partition);
    if (share == null) {
      throw new IllegalStateException(partition + " is not " + member.name() + "'s to give");
    }
    weight -= share;
    other.add(partition, share);
  }

  private int count() {
    return pinned.size() + movable.size();
  }

  Set<Integer> partitions() {
    Set<Integer> all = new TreeSet<>(pinned);
    all.addAll(movable.keySet());
    return all;
  }
}
