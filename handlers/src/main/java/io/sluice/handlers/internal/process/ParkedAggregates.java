package io.sluice.handlers.internal.process;

import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.outbox.ShardId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * Which failed events of an aggregate others are parked behind, as far as is known: the rows
 * decide. Owned by the domain's thread.
 */
final class ParkedAggregates {

  private final Map<AggregateKey, NavigableSet<String>> heads = new HashMap<>();
  private final Set<ShardId> known = new HashSet<>();
  private final Set<ShardId> asked = new HashSet<>();
  private int epoch;

  /**
   * The first failed event of the aggregate that this one must not overtake. An event that has
   * failed itself, and was redriven, comes before those that were written after it.
   */
  Optional<String> before(AggregateKey aggregate, String id) {
    NavigableSet<String> failed = heads.get(aggregate);
    if (failed == null) {
      return Optional.empty();
    }
    String first = failed.first();
    boolean comesFirst = failed.contains(id) && first.compareTo(id) >= 0;
    return comesFirst ? Optional.empty() : Optional.of(first);
  }

  void failed(AggregateKey aggregate, String id) {
    heads.computeIfAbsent(aggregate, any -> new TreeSet<>()).add(id);
  }

  void released(AggregateKey aggregate, String id) {
    heads.computeIfPresent(
        aggregate,
        (any, failed) -> {
          failed.remove(id);
          return failed.isEmpty() ? null : failed;
        });
  }

  /** Whether the failed events of a shard were read since partitions came last. */
  boolean isKnown(ShardId shard) {
    return known.contains(shard);
  }

  /**
   * Marks the failed events of a shard as asked for.
   *
   * @return whether they have to be asked for; true only once
   */
  boolean ask(ShardId shard) {
    return !known.contains(shard) && asked.add(shard);
  }

  /** The time between two assignments; an answer to a question of an earlier one is outdated. */
  int epoch() {
    return epoch;
  }

  /**
   * Remembers the failed events of a shard.
   *
   * @param asOf the epoch of the question
   * @param isHere whether an aggregate has events here: what is known of it is kept, since its
   *     failed event may have been redriven and is still to come
   */
  void know(
      ShardId shard, Map<String, AggregateKey> failed, int asOf, Predicate<AggregateKey> isHere) {
    if (asOf == epoch) {
      heads
          .keySet()
          .removeIf(aggregate -> aggregate.shard().equals(shard) && !isHere.test(aggregate));
      failed.forEach((id, aggregate) -> failed(aggregate, id));
      known.add(shard);
    }
  }

  /** Partitions have come, whose former owner may have events that have failed since. */
  void forgetWhatIsKnown() {
    epoch++;
    known.clear();
    asked.clear();
  }
}
