package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.outbox.ShardId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Behind which failed event an aggregate's others are parked, as far as is known: the rows are
 * asked again before anything is made of it. Owned by the domain's thread.
 */
final class ParkedAggregates {

  private final Map<AggregateKey, String> heads = new HashMap<>();
  private final Set<ShardId> known = new HashSet<>();
  private final Set<ShardId> asked = new HashSet<>();
  private int epoch;

  Optional<String> head(AggregateKey aggregate) {
    return Optional.ofNullable(heads.get(aggregate));
  }

  void failed(AggregateKey aggregate, String id) {
    heads.putIfAbsent(aggregate, id);
  }

  void released(AggregateKey aggregate) {
    heads.remove(aggregate);
  }

  /** Whether the failed events of a shard were read since partitions came last. */
  boolean isKnown(ShardId shard) {
    return known.contains(shard);
  }

  /** Whether they are still to be asked for; true only once. */
  boolean ask(ShardId shard) {
    return !known.contains(shard) && asked.add(shard);
  }

  /** When a question was put: an answer to one of another epoch tells nothing. */
  int epoch() {
    return epoch;
  }

  void know(ShardId shard, Map<AggregateKey, String> failed, int asOf) {
    if (asOf == epoch) {
      failed.forEach(heads::putIfAbsent);
      known.add(shard);
    }
  }

  /** Partitions have come whose former owner may have failed events since. */
  void forgetWhatIsKnown() {
    epoch++;
    known.clear();
    asked.clear();
  }
}
