package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.ShardId;
import io.sluice.relay.publish.Routing;
import io.sluice.relay.publish.TopicKeeper.Topic;
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

/** Tells which rows are missing from the topic they belong to. Of one thread alone. */
public final class TopicLookup {

  private static final String NO_TOPIC = "";

  private final ShardId shard;
  private final TopicScans scans;
  private final Routing routing;
  private final TopicTroubles troubles;

  /**
   * A lookup for one shard.
   *
   * @param retry after a topic could not be read
   */
  public TopicLookup(ShardId shard, TopicScans scans, Routing routing, Duration retry) {
    this.shard = shard;
    this.scans = scans;
    this.routing = routing;
    this.troubles = new TopicTroubles(shard, retry);
  }

  /**
   * What became of rows; of the others the topic may have deleted the records.
   *
   * @param found on the topic
   * @param missing certainly
   */
  record Judged(Set<EventCopy> found, List<EventCopy> missing) {}

  /** The row's topic, as far as its name can be told. */
  String topic(Candidate row) {
    try {
      return routing
          .topics()
          .topic(EventDomain.of(row.domain()), row.aggregateType(), row.eventType(), shard);
    } catch (IllegalArgumentException e) {
      return NO_TOPIC; // to be set aside, when it is read as a whole
    }
  }

  /** Looks for rows of one topic; empty if it cannot be looked at, though others may. */
  Optional<Judged> judge(String topic, Map<EventCopy, Candidate> rows, Optional<SweepGap> gap) {
    return troubles.look(topic, () -> look(topic, rows, gap));
  }

  private Judged look(String topic, Map<EventCopy, Candidate> rows, Optional<SweepGap> gap) {
    // What the binary log did not bring may be the first of its topic.
    if (topic.equals(NO_TOPIC) || !(routing.keeper().look(topic) instanceof Topic.Open)) {
      // Outside of a gap they may have been published when the configuration was another.
      Verdict nothingProved = new Verdict(Set.of(), rows.keySet());
      return judged(nothingProved, rows, gap);
    }
    Map<EventCopy, Instant> createdAt = new HashMap<>();
    // One without a time is no event, and was never published.
    rows.forEach(
        (event, row) -> row.createdAt().ifPresent(created -> createdAt.put(event, created)));
    Verdict nothing = new Verdict(Set.of(), Set.of());
    return judged(createdAt.isEmpty() ? nothing : find(topic, createdAt), rows, gap);
  }

  private Verdict find(String topic, Map<EventCopy, Instant> createdAt) {
    try (TopicPresence presence = scans.open(topic)) {
      return presence.find(shard, createdAt);
    }
  }

  private static Judged judged(
      Verdict verdict, Map<EventCopy, Candidate> rows, Optional<SweepGap> gap) {
    return new Judged(
        verdict.found(),
        rows.values().stream()
            .filter(row -> isMissing(row, verdict, gap))
            .map(Candidate::event)
            .toList());
  }

  private static boolean isMissing(Candidate row, Verdict verdict, Optional<SweepGap> gap) {
    return !verdict.found().contains(row.event())
        && (!verdict.undecided().contains(row.event())
            || gap.filter(certain -> isInGap(row, certain)).isPresent());
  }

  /**
   * Inserted after what was read for certain, and before reading went on: whoever read up to there
   * cannot have seen it. Where nothing was ever read, or nobody knows how far, that is all rows up
   * to the gap's end. Those around it, which a sweep looks at too, for clocks differ, may have
   * been.
   */
  private static boolean isInGap(Candidate row, SweepGap gap) {
    return row.insertedAt()
        .map(
            inserted ->
                gap.from().map(inserted::isAfter).orElse(true) && !inserted.isAfter(gap.until()))
        .orElse(true);
  }
}
