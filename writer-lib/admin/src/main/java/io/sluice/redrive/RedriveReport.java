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
 * The result of redriving or discarding failed events. A failed shard does not affect the others.
 *
 * @param shards results of the shards that were started, ordered by name
 * @param unknownIds selected ids that no readable shard has
 * @param ending how the run ended
 */
public record RedriveReport(
    Map<ShardId, ShardReport> shards, Set<String> unknownIds, Ending ending) {

  /** How a run ended. */
  public enum Ending {
    /** All selected events were processed. */
    COMPLETE,
    /** All were processed except in the shards that failed. Run it again to continue there. */
    SHARDS_FAILED,
    /** The thread was interrupted. Run it again to continue with the events that are FAILED. */
    INTERRUPTED
  }

  public RedriveReport {
    shards = Collections.unmodifiableMap(new TreeMap<>(shards));
    unknownIds = Collections.unmodifiableSet(new TreeSet<>(unknownIds));
    Objects.requireNonNull(ending, "ending");
  }

  /** The number of selected events that were redriven or discarded. */
  public long events() {
    return sum(ShardReport::events);
  }

  /** The number of events that were redriven because they must not overtake a selected event. */
  public long followers() {
    return sum(ShardReport::followers);
  }

  /** The number of selected events that were not changed; the shards' reports have the reasons. */
  public long passedOver() {
    return sum(ShardReport::passedOver);
  }

  private long sum(ToLongFunction<ShardReport> count) {
    return shards.values().stream().mapToLong(count).sum();
  }

  /** The shards that failed before all their events were processed. */
  public Map<ShardId, RedriveException> failures() {
    Map<ShardId, RedriveException> failures = new TreeMap<>();
    shards.forEach(
        (shard, report) -> report.failure().ifPresent(failure -> failures.put(shard, failure)));
    return Collections.unmodifiableMap(failures);
  }
}
