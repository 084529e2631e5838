package io.sluice.redrive;

import io.sluice.redrive.RedrivePreview.EventKind;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a redrive would do in one shard, and with the same events a discard.
 *
 * @param events how many it would send again, or delete, by kind
 * @param parked how many would go with them because they are parked behind them
 * @param unfinished how many would go with them because they are PENDING or RETRY and of the same
 *     aggregates; if the events are discarded, only those of aggregates with parked ones
 * @param overtaken aggregates whose order is lost; of none of them if the events are discarded
 * @param coverage whether all rows were looked at for {@code parked}, {@code unfinished} and {@code
 *     overtaken}; {@code events} counts all in any case
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

  /** How much was looked at. */
  public enum Coverage {
    /** All there is: the counts are exact. */
    EVERYTHING,
    /** There was too much: the counts are the least, not what they would be. */
    PART
  }

  /**
   * Aggregates of which a later event was handled already: the one that is sent again comes after
   * it, and its handler has to bear that.
   *
   * @param aggregates how many
   * @param examples the first 20 of them, by the ids of the failed events
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
   * One of them.
   *
   * @param aggregateType of what
   * @param aggregateId of which
   * @param failed the id of its first event that would be sent again
   * @param published the id of a later one that is PUBLISHED
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
