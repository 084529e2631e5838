package io.sluice.redrive;

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
import java.util.TreeSet;
import java.util.UUID;

/**
 * Which of the events that have failed for good are meant: those that fulfil everything it names.
 * Events that were parked behind another are not chosen by it: they go with the one they wait for.
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

  /** How many ids it may name. */
  public static final int MOST_IDS = 1_000;

  private final Selection selection;
  private final Set<ShardId> shards;

  private FailedEvents(Builder builder) {
    this.selection = new Selection(builder.ids, builder.criteria);
    this.shards = Collections.unmodifiableSet(new TreeSet<>(builder.shards));
  }

  /** Every event that has failed, of all shards. */
  public static FailedEvents all() {
    return new FailedEvents(new Builder());
  }

  /** A choice of them, to be told by what. */
  public static Builder where() {
    return new Builder();
  }

  Selection selection() {
    return selection;
  }

  /** None named means all. */
  Set<ShardId> shards() {
    return shards;
  }

  @Override
  public String toString() {
    return "FailedEvents[ids=%s, shards=%s, criteria=%s]"
        .formatted(selection.ids(), shards, selection.criteria());
  }

  /** Takes what they are chosen by; naming a thing again replaces it, but ids and shards add up. */
  public static final class Builder {

    private static final Instant EARLIEST = Instant.parse("1000-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59Z");
    private static final int ID_LENGTH = 36;

    private final Set<String> ids = new TreeSet<>();
    private final Set<ShardId> shards = new TreeSet<>();
    private final Map<Criterion, Object> criteria = new EnumMap<>(Criterion.class);

    private Builder() {}

    /**
     * These, wherever they are.
     *
     * @param ids as they stand in the rows
     * @throws IllegalArgumentException if one cannot be an event's id
     */
    public Builder ids(Collection<String> ids) {
      ids.forEach(Builder::checkId);
      this.ids.addAll(ids);
      return this;
    }

    /** These, by the ids they were written with. */
    public Builder ids(UUID... ids) {
      return ids(Arrays.stream(ids).map(UUID::toString).toList());
    }

    // Another character would make MySQL convert the column, and read the whole table.
    private static void checkId(String id) {
      boolean fits = !id.isBlank() && id.length() <= ID_LENGTH;
      if (!fits || !StandardCharsets.US_ASCII.newEncoder().canEncode(id)) {
        throw new IllegalArgumentException(
            "'%s' is no event's id: give it as it stands in the column 'id'".formatted(id));
      }
    }

    /** Of these shards only. */
    public Builder shards(Collection<ShardId> shards) {
      this.shards.addAll(shards);
      return this;
    }

    /** Those of this domain; a later call replaces an earlier one. */
    public Builder domain(EventDomain domain) {
      criteria.put(Criterion.DOMAIN, domain.name());
      return this;
    }

    /** Those of exactly this type; a later call replaces an earlier one. */
    public Builder eventType(String eventType) {
      return text(Criterion.EVENT_TYPE, eventType);
    }

    /**
     * Those of one aggregate, such as the order 42, in whatever domain and shard it has any; a
     * later call replaces an earlier one.
     */
    public Builder aggregate(String type, String id) {
      return text(Criterion.AGGREGATE_TYPE, type).text(Criterion.AGGREGATE_ID, id);
    }

    /** Those whose {@code last_error} holds this text, in the same case. */
    public Builder errorContains(String text) {
      return text(Criterion.ERROR, text);
    }

    private Builder text(Criterion criterion, String value) {
      if (value.isBlank()) {
        throw new IllegalArgumentException(
            "%s is blank: name it or leave it out".formatted(criterion.title()));
      }
      criteria.put(criterion, value);
      return this;
    }

    /** Failed at this moment or later, by {@code updated_at}. */
    public Builder failedSince(Instant moment) {
      return time(Criterion.FAILED_SINCE, moment);
    }

    /** Failed before this moment. */
    public Builder failedBefore(Instant moment) {
      return time(Criterion.FAILED_BEFORE, moment);
    }

    /** Written at this moment or later, by {@code created_at}. */
    public Builder createdSince(Instant moment) {
      return time(Criterion.CREATED_SINCE, moment);
    }

    /** Written before this moment. */
    public Builder createdBefore(Instant moment) {
      return time(Criterion.CREATED_BEFORE, moment);
    }

    private Builder time(Criterion criterion, Instant moment) {
      if (moment.isBefore(EARLIEST) || moment.isAfter(LATEST)) {
        throw new IllegalArgumentException(
            "%s %s: no row has such a time".formatted(criterion.title(), moment));
      }
      criteria.put(criterion, LocalDateTime.ofInstant(moment, ZoneOffset.UTC));
      return this;
    }

    /**
     * The choice.
     *
     * @throws IllegalArgumentException if nothing was named, a time ends before it begins, or there
     *     are too many ids
     */
    public FailedEvents build() {
      if (ids.isEmpty() && shards.isEmpty() && criteria.isEmpty()) {
        throw new IllegalArgumentException(
            "nothing says which failed events are meant: name something, or take all()");
      }
      if (ids.size() > MOST_IDS) {
        throw new IllegalArgumentException(
            "%d ids are named, %d is the most: choose by something else"
                .formatted(ids.size(), MOST_IDS));
      }
      checkOrder(Criterion.FAILED_SINCE, Criterion.FAILED_BEFORE);
      checkOrder(Criterion.CREATED_SINCE, Criterion.CREATED_BEFORE);
      return new FailedEvents(this);
    }

    private void checkOrder(Criterion since, Criterion before) {
      if (criteria.get(since) instanceof LocalDateTime begin
          && criteria.get(before) instanceof LocalDateTime end
          && !begin.isBefore(end)) {
        throw new IllegalArgumentException(
            "%s %s and %s %s: no time is both"
                .formatted(since.title(), begin, before.title(), end));
      }
    }
  }
}
