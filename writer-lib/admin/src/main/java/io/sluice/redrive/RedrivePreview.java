package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * The effects that a redrive would have. A failed shard does not affect the others.
 *
 * @param shards results of the shards that could be read, ordered by name
 * @param failures failures of the other shards, ordered by name
 */
public record RedrivePreview(
    Map<ShardId, ShardPreview> shards, Map<ShardId, RedriveException> failures) {

  public RedrivePreview {
    shards = Collections.unmodifiableMap(new TreeMap<>(shards));
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  /** The number of selected events, without followers. */
  public long events() {
    return shards.values().stream()
        .flatMap(shard -> shard.events().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * Domain and type of events, which together determine their handler.
   *
   * @param domain as stored, which may be an invalid name
   * @param eventType as stored
   */
  public record EventKind(String domain, String eventType) implements Comparable<EventKind> {

    private static final Comparator<EventKind> ORDER =
        Comparator.comparing(EventKind::domain).thenComparing(EventKind::eventType);

    public EventKind {
      Objects.requireNonNull(domain, "domain");
      Objects.requireNonNull(eventType, "eventType");
    }

    @Override
    public int compareTo(EventKind other) {
      return ORDER.compare(this, other);
    }
  }
}
