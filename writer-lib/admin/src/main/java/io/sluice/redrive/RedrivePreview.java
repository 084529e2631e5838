package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import java.util.Collections;
import java.util.Comparator;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * What a redrive would do. A shard that failed hides none of the others.
 *
 * @param shards of those that answered, in the order of their names
 * @param failures of those that did not
 */
public record RedrivePreview(
    Map<ShardId, ShardPreview> shards, Map<ShardId, RedriveException> failures) {

  public RedrivePreview {
    shards = Collections.unmodifiableMap(new TreeMap<>(shards));
    failures = Collections.unmodifiableMap(new TreeMap<>(failures));
  }

  /** How many events would be sent again, or discarded, without those that go with them. */
  public long events() {
    return shards.values().stream()
        .flatMap(shard -> shard.events().values().stream())
        .mapToLong(Long::longValue)
        .sum();
  }

  /**
   * What events have in common that one handler handles.
   *
   * @param domain as it stands in the row, be it a known one or not
   * @param eventType what happened
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
