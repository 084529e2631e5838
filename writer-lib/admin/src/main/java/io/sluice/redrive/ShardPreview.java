package io.sluice.redrive;

import io.sluice.redrive.RedrivePreview.EventKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The effects that a redrive or a discard of the same events would have in one shard.
 *
 * @param events numbers of selected events by kind
 * @param parked number of followers that are parked behind them
 * @param unfinished number of followers that are PENDING or RETRY; for a discard only those of
 *     aggregates with parked events follow
 * @param overtaken aggregates whose order is lost; none for a discard
 * @param coverage whether {@code parked}, {@code unfinished} and {@code overtaken} are exact;
 *     {@code events} always is
 */
public record ShardPreview(
    Map<EventKind, Long> events,
    long parked,
    long unfinished,
    Overtaken overtaken,
    Coverage coverage) {

  public ShardPreview {
    events = Collections.unmodifiableMap(new TreeMap<>(events));
    if (parked < 0 || unfinished < 0) {
      throw new IllegalArgumentException(
          "a count is negative: %d, %d".formatted(parked, unfinished));
    }
    Objects.requireNonNull(overtaken, "overtaken");
    Objects.requireNonNull(coverage, "coverage");
  }

  /** How many rows were read. */
  public enum Coverage {
    /** All rows: the counts are exact. */
    EVERYTHING,
    /** There were too many rows: the counts are lower bounds. */
    PART
  }

  /**
   * Aggregates of which a later event is already PUBLISHED. A redriven event is handled after it,
   * so its handler must tolerate the wrong order.
   *
   * @param aggregates number of such aggregates
   * @param examples the first 20 of them, ordered by the ids of the failed events
   */
  public record Overtaken(long aggregates, List<Example> examples) {
    public Overtaken {
      examples = List.copyOf(examples);
      if (aggregates < examples.size()) {
        throw new IllegalArgumentException(
            "%d aggregates with %d examples".formatted(aggregates, examples.size()));
      }
    }
  }

  /**
   * One overtaken aggregate.
   *
   * @param aggregateType type of the aggregate
   * @param aggregateId id of the aggregate
   * @param failed id of its first event that would be redriven
   * @param published id of a later event that is PUBLISHED
   */
  public record Example(String aggregateType, String aggregateId, String failed, String published) {
    public Example {
      Objects.requireNonNull(aggregateType, "aggregateType");
      Objects.requireNonNull(aggregateId, "aggregateId");
      Objects.requireNonNull(failed, "failed");
      Objects.requireNonNull(published, "published");
    }
  }
}
