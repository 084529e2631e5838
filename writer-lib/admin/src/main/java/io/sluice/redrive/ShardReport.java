package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.PassedOver;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The result of a run in one shard.
 *
 * @param events number of selected events that were redriven or discarded
 * @param followers number of events that were redriven because they must not overtake the selected
 *     events
 * @param passedOver number of selected events that were not changed
 * @param examples reasons by id, for the first 100 of the passed-over events
 * @param failure the failure that ended the run early, if any; all events counted here are
 *     committed nevertheless
 */
public record ShardReport(
    long events,
    long followers,
    long passedOver,
    Map<String, PassedOver> examples,
    Optional<RedriveException> failure) {

  public ShardReport {
    if (events < 0 || followers < 0 || passedOver < 0) {
      throw new IllegalArgumentException(
          "a count is negative: %d, %d, %d".formatted(events, followers, passedOver));
    }
    examples = Collections.unmodifiableMap(new TreeMap<>(examples));
    Objects.requireNonNull(failure, "failure");
  }
}
