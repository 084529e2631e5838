package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.ToLongFunction;

/**
 * What came of redriving or discarding failed events. A shard that failed hides none of the others.
 *
 * @param shards each shard that was begun with, in the order of their names
 * @param unknownIds ids that were named and are in none of the shards that could be asked
 * @param ending whether it came to its end
 */
public record RedriveReport(
    Map<ShardId, ShardReport> shards, Set<String> unknownIds, Ending ending) {

  /** How a run ended. */
  public enum Ending {
    /** Everything that was chosen was looked at. */
    COMPLETE,
    /** Everything was, but in the shards that failed. Done again, it goes on there. */
    SHARDS_FAILED,
    /** Its thread was interrupted. Done again, it goes on with what is FAILED still. */
    INTERRUPTED
  }

  public RedriveReport {
    shards = Collections.unmodifiableMap(new TreeMap<>(shards));
    unknownIds = Collections.unmodifiableSet(new TreeSet<>(unknownIds));
    Objects.requireNonNull(ending, "ending");
  }

  /** How many were redriven or discarded. */
  public long events() {
    return sum(ShardReport::events);
  }

  /** How many were sent again because they must not overtake those. */
  public long followers() {
    return sum(ShardReport::followers);
  }

  /** How many were left as they were; the shards' reports say why. */
  public long passedOver() {
    return sum(ShardReport::passedOver);
  }

  private long sum(ToLongFunction<ShardReport> count) {
    return shards.values().stream().mapToLong(count).sum();
  }

  /** Shards whose work did not come to its end, and why. */
  public Map<ShardId, RedriveException> failures() {
    Map<ShardId, RedriveException> failures = new TreeMap<>();
    shards.forEach(
        (shard, report) -> report.failure().ifPresent(failure -> failures.put(shard, failure)));
    return Collections.unmodifiableMap(failures);
  }
}
