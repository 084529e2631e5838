package io.sluice.redrive;

import io.sluice.redrive.RedriveOutcome.PassedOver;
import java.util.Collections;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What was done in one shard.
 *
 * @param events how many were redriven or discarded
 * @param followers how many were sent again because they must not overtake those
 * @param passedOver how many were left as they were
 * @param examples why, by id, of the first hundred of those
 * @param failure what ended the work before its end; what is counted here was done all the same
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
