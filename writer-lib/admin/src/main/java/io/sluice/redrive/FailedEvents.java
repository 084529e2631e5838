package io.sluice.redrive;

import io.sluice.outbox.Arguments;
import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;

/**
 * Selects FAILED events. An event is selected if it meets all criteria. Events that are parked
 * behind another event are never selected themselves: they follow the event they are parked behind.
 * Immutable.
 *
 * <pre>{@code
 * FailedEvents.where()
 *     .domain(EventDomain.PORTFOLIO)
 *     .errorContains("Connection refused")
 *     .failedSince(Instant.parse("2026-11-24T09:00:00Z"))
 *     .build()
 * }</pre>
 */
public final class FailedEvents {

  /** Maximum number of ids in one selection. */
  public static final int MOST_IDS = 1_000;

  private final Set<String> ids;
  private final Set<ShardId> shards;
  private final Map<Criterion, Object> criteria;

  private FailedEvents(Builder builder) {
    this.ids = Collections.unmodifiableSet(new TreeSet<>(builder.ids));
    this.shards = Collections.unmodifiableSet(new TreeSet<>(builder.shards));
    this.criteria = Collections.unmodifiableMap(new TreeMap<>(builder.criteria));
  }

  /** Selects every FAILED event of all shards. */
  public static FailedEvents all() {
    return new FailedEvents(new Builder());
  }

  /** Starts a selection; at least one criterion must follow. */
  public static Builder where() {
    return new Builder();
  }

  /** The selected ids, as stored; empty means any. */
  Set<String> ids() {
    return ids;
  }

  /** The selected shards; empty means all. */
  Set<ShardId> shards() {
    return shards;
  }

  /** The criteria with the values of their parameters. */
  Map<Criterion, Object> criteria() {
    return criteria;
  }

  @Override
  public String toString() {
    return "FailedEvents[ids=%s, shards=%s, criteria=%s]".formatted(ids, shards, criteria);
  }

  /**
   * Collects criteria. Setting a criterion again replaces its value; ids and shards accumulate. Not
   * thread-safe.
   */
  public static final class Builder {

    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int ID_LENGTH = 36;

    private final Set<String> ids = new TreeSet<>();
    private final Set<ShardId> shards = new TreeSet<>();
    private final Map<Criterion, Object> criteria = new EnumMap<>(Criterion.class);

    private Builder() {}

    /**
     * Selects events by id, in any shard.
     *
     * @param ids as stored in the column {@code id}
     * @throws IllegalArgumentException if a text cannot be an event's id
     */
    public Builder ids(Collection<String> ids) {
      Arguments.required("ids(ids)", "ids", ids).forEach(Builder::checkId);
      this.ids.addAll(ids);
      return this;
    }

    /** Selects events by the ids that the writer gave them. */
    public Builder ids(UUID... ids) {
      return ids(
          Arrays.stream(ids)
              .map(id -> Arguments.required("ids(ids)", "an id", id).toString())
              .toList());
    }

    // A character outside ASCII would make MySQL convert the column and scan the whole table.
    private static void checkId(String id) {
      boolean fits = id != null && !id.isBlank() && id.length() <= ID_LENGTH;
      if (!fits || !StandardCharsets.US_ASCII.newEncoder().canEncode(id)) {
        throw new IllegalArgumentException(
            "'%s' cannot be an event's id: use the value of the column 'id'".formatted(id));
      }
    }

    /** Restricts the selection to these shards. */
    public Builder shards(Collection<ShardId> shards) {
      this.shards.addAll(Arguments.required("shards(shards)", "shards", shards));
      return this;
    }

    /** Selects events of this domain. */
    public Builder domain(EventDomain domain) {
      criteria.put(Criterion.DOMAIN, Arguments.required("domain(domain)", "domain", domain).name());
      return this;
    }

    /** Selects events of exactly this type. */
    public Builder eventType(String eventType) {
      return text(Criterion.EVENT_TYPE, eventType);
    }

    /** Selects events of one aggregate, such as the order 42, in all its domains and shards. */
    public Builder aggregate(String type, String id) {
      return text(Criterion.AGGREGATE_TYPE, type).text(Criterion.AGGREGATE_ID, id);
    }

    /** Selects events whose {@code last_error} contains this text; case-sensitive. */
    public Builder errorContains(String text) {
      return text(Criterion.ERROR, text);
    }

    private Builder text(Criterion criterion, String value) {
      if (value == null || value.isBlank()) {
        throw new IllegalArgumentException(
            "%s is %s: set it or leave it out"
                .formatted(criterion.title(), value == null ? "null" : "blank"));
      }
      criteria.put(criterion, value);
      return this;
    }

    /** Selects events that failed at this time or later, by {@code updated_at}. */
    public Builder failedSince(Instant time) {
      return time(Criterion.FAILED_SINCE, time);
    }

    /** Selects events that failed before this time, by {@code updated_at}. */
    public Builder failedBefore(Instant time) {
      return time(Criterion.FAILED_BEFORE, time);
    }

    /** Selects events that were written at this time or later, by {@code created_at}. */
    public Builder createdSince(Instant time) {
      return time(Criterion.CREATED_SINCE, time);
    }

    /** Selects events that were written before this time, by {@code created_at}. */
    public Builder createdBefore(Instant time) {
      return time(Criterion.CREATED_BEFORE, time);
    }

    private Builder time(Criterion criterion, Instant time) {
      if (time == null || time.isBefore(EARLIEST) || time.isAfter(LATEST)) {
        throw new IllegalArgumentException(
            "%s %s: the column cannot hold this time".formatted(criterion.title(), time));
      }
      criteria.put(criterion, LocalDateTime.ofInstant(time, ZoneOffset.UTC));
      return this;
    }

    /**
     * Builds the selection.
     *
     * @throws IllegalArgumentException if there is no criterion, a time range is empty, or there
     *     are too many ids
     */
    public FailedEvents build() {
      if (ids.isEmpty() && shards.isEmpty() && criteria.isEmpty()) {
        throw new IllegalArgumentException(
            "no criterion selects failed events: add one, or use all()");
      }
      if (ids.size() > MOST_IDS) {
        throw new IllegalArgumentException(
            "%d ids exceed the maximum of %d: use another criterion"
                .formatted(ids.size(), MOST_IDS));
      }
      checkRange(Criterion.FAILED_SINCE, Criterion.FAILED_BEFORE);
      checkRange(Criterion.CREATED_SINCE, Criterion.CREATED_BEFORE);
      return new FailedEvents(this);
    }

    private void checkRange(Criterion since, Criterion before) {
      if (criteria.get(since) instanceof LocalDateTime start
          && criteria.get(before) instanceof LocalDateTime end
          && !start.isBefore(end)) {
        throw new IllegalArgumentException(
            "%s %s and %s %s: the range is empty"
                .formatted(since.title(), start, before.title(), end));
      }
    }
  }
}
