package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.kafka.TopicAdmin.Topic;
import io.sluice.relay.publish.TopicCatalog;
import io.sluice.relay.reconcile.SweepPage.Candidate;
import io.sluice.relay.reconcile.TopicPresence.Verdict;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.SweepGap;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Determines which rows are missing from their topics. Used by one thread. */
public final class TopicLookup {

  private static final String NO_TOPIC = "";

  private final ShardId shard;
  private final TopicScans scans;
  private final TopicCatalog topics;
  private final TopicTroubles troubles;

  /**
   * A lookup for one shard.
   *
   * @param retry after a topic could not be read
   */
  public TopicLookup(ShardId shard, TopicScans scans, TopicCatalog topics, Duration retry) {
    this.shard = shard;
    this.scans = scans;
    this.topics = topics;
    this.troubles = new TopicTroubles(shard, retry);
  }

  /**
   * The answer for rows of a topic. The records of all other rows may have been deleted.
   *
   * @param found rows that are on the topic
   * @param missing rows that have never been on the topic
   */
  record Answer(Set<EventCopy> found, List<EventCopy> missing) {}

  /** The name of the row's topic; empty if it cannot be determined. */
  String topic(Candidate row) {
    try {
      return topics
          .directory()
          .topic(EventDomain.of(row.domain()), row.aggregateType(), row.eventType(), shard);
    } catch (IllegalArgumentException e) {
      return NO_TOPIC; // quarantined when the whole row is read
    }
  }

  /** Looks up rows of one topic; empty if the topic cannot be read. */
  Optional<Answer> find(String topic, Map<EventCopy, Candidate> rows, Optional<SweepGap> gap) {
    return troubles.read(topic, () -> lookUp(topic, rows, gap));
  }

  private Answer lookUp(String topic, Map<EventCopy, Candidate> rows, Optional<SweepGap> gap) {
    // The topic may not exist yet: the row may be its first.
    if (topic.equals(NO_TOPIC) || !(topics.look(topic) instanceof Topic.Open)) {
      // Outside of a gap the rows may have been published to another topic, by an earlier
      // configuration.
      Verdict undecided = new Verdict(Set.of(), rows.keySet());
      return answer(undecided, rows, gap);
    }
    Map<EventCopy, Instant> createdAt = new HashMap<>();
    // A row without a time is unpublishable, so it has never been on the topic.
    rows.forEach(
        (event, row) -> row.createdAt().ifPresent(created -> createdAt.put(event, created)));
    Verdict noneFound = new Verdict(Set.of(), Set.of());
    return answer(createdAt.isEmpty() ? noneFound : find(topic, createdAt), rows, gap);
  }

  private Verdict find(String topic, Map<EventCopy, Instant> createdAt) {
    try (TopicPresence presence = scans.open(topic)) {
      return presence.find(shard, createdAt);
    }
  }

  private static Answer answer(
      Verdict verdict, Map<EventCopy, Candidate> rows, Optional<SweepGap> gap) {
    return new Answer(
        verdict.found(),
        rows.values().stream()
            .filter(row -> isMissing(row, verdict, gap))
            .map(Candidate::event)
            .toList());
  }

  private static boolean isMissing(Candidate row, Verdict verdict, Optional<SweepGap> gap) {
    return !verdict.found().contains(row.event())
        && (!verdict.undecided().contains(row.event())
            || gap.filter(unread -> isInGap(row, unread)).isPresent());
  }

  /**
   * Whether the row was certainly not read from the binlog: it was inserted after the last time up
   * to which the binlog was read, and before reading resumed. If that time is unknown, this holds
   * for all rows up to the gap's end. Rows just outside of the gap are checked too, because clocks
   * differ, but may have been read.
   */
  private static boolean isInGap(Candidate row, SweepGap gap) {
    return row.insertedAt()
        .map(
            inserted ->
                gap.from().map(inserted::isAfter).orElse(true) && !inserted.isAfter(gap.until()))
        .orElse(true);
  }
}
