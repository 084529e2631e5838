package io.sluice.relay.sweep;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.ledger.TopicPresence;
import io.sluice.relay.ledger.TopicPresence.Verdict;
import io.sluice.relay.ledger.TopicScans;
import io.sluice.relay.repair.Completions;
import io.sluice.relay.repair.Completions.Completed;
import io.sluice.relay.repair.EventCopy;
import io.sluice.relay.repair.Repair.AwaitCommit;
import io.sluice.relay.repair.Repair.MarkFailed;
import io.sluice.relay.repair.Repair.SweepGap;
import io.sluice.relay.replay.RepairDesk;
import io.sluice.relay.route.Routing;
import io.sluice.relay.route.TopicDirectory;
import io.sluice.relay.route.TopicKeeper;
import io.sluice.relay.route.TopicKeeper.Topic;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.stats.ShardStatistics;
import io.sluice.relay.stats.ShardStatistics.Counter;
import io.sluice.relay.sweep.SweepPage.Candidate;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Decides about rows that nobody has dealt with, by what their topics hold. */
public final class SweepJudge {

  private static final String NO_TOPIC = "";
  private static final String GAP = "gap";
  private static final String SWEEP = "sweep";

  private final ShardTable table;
  private final TopicScans scans;
  private final TopicDirectory topics;
  private final TopicKeeper keeper;
  private final Tools tools;
  private final ShardStatistics statistics;

  /** What a judgement is carried out with. */
  public record Tools(RepairDesk desk, SweepReplay replay, Completions completions) {}

  public SweepJudge(
      ShardTable table,
      TopicScans scans,
      Routing routing,
      Tools tools,
      ShardStatistics statistics) {
    this.table = table;
    this.scans = scans;
    this.topics = routing.topics();
    this.keeper = routing.keeper();
    this.tools = tools;
    this.statistics = statistics;
  }

  /**
   * Publishes those of the rows that are missing from their topics.
   *
   * @param gap they are in, if they are
   * @return what became of them
   */
  SweepResult judge(Connection connection, List<Candidate> rows, Optional<SweepGap> gap)
      throws SQLException {
    Predicate<EventCopy> isBeingRepaired = beingRepaired();
    Map<String, Map<EventCopy, Candidate>> byTopic = new HashMap<>();
    for (Candidate row : rows) {
      if (!isBeingRepaired.test(row.event())) {
        byTopic.computeIfAbsent(topic(row), topic -> new HashMap<>()).put(row.event(), row);
      }
    }
    List<EventCopy> missing = new ArrayList<>();
    int undecided = 0;
    for (Map.Entry<String, Map<EventCopy, Candidate>> sought : byTopic.entrySet()) {
      undecided += judge(sought.getKey(), sought.getValue(), gap, missing);
    }
    statistics.add(Counter.SWEPT_ROWS, rows.size());
    statistics.add(Counter.UNDECIDED_ROWS, undecided);
    SweepResult judged = new SweepResult(rows.size(), 0, undecided, Set.of(), Set.of());
    return missing.isEmpty()
        ? judged
        : judged.plus(publish(connection, missing, gap.isPresent() ? GAP : SWEEP));
  }

  private SweepResult publish(Connection connection, List<EventCopy> missing, String reason)
      throws SQLException {
    return tools
        .replay()
        .publish(
            connection,
            missing.stream().sorted(Comparator.comparing(EventCopy::id)).toList(),
            reason);
  }

  /** Somebody sees to them already. */
  private Predicate<EventCopy> beingRepaired() {
    Map<String, MarkFailed> failed = new HashMap<>();
    tools
        .desk()
        .open(MarkFailed.class, Integer.MAX_VALUE)
        .forEach(row -> failed.put(row.eventId(), row));
    Set<String> prepared = new HashSet<>();
    tools
        .desk()
        .open(AwaitCommit.class, Integer.MAX_VALUE)
        .forEach(row -> prepared.add(row.eventId()));
    return copy ->
        prepared.contains(copy.id())
            || Optional.ofNullable(failed.get(copy.id()))
                .filter(row -> row.isAbout(copy))
                .isPresent();
  }

  private String topic(Candidate row) {
    try {
      String topic =
          topics.topic(
              EventDomain.of(row.domain()), row.aggregateType(), row.eventType(), table.shard());
      // What the binary log did not bring may be the first of its topic.
      return keeper.look(topic) instanceof Topic.Open ? topic : NO_TOPIC;
    } catch (IllegalArgumentException e) {
      return NO_TOPIC; // to be set aside, when it is read as a whole
    }
  }

  /** Adds what is missing from a topic to the rest that is; tells how many are undecided. */
  private int judge(
      String topic,
      Map<EventCopy, Candidate> rows,
      Optional<SweepGap> gap,
      List<EventCopy> missing) {
    if (topic.equals(NO_TOPIC)) {
      // Outside of a gap they may have been published when the configuration was another.
      missing.addAll(gap.isPresent() ? rows.keySet() : Set.of());
      return gap.isPresent() ? 0 : rows.size();
    }
    Map<EventCopy, Instant> createdAt = new HashMap<>();
    rows.forEach((event, row) -> createdAt.put(event, row.createdAt()));
    Verdict verdict = find(topic, createdAt);
    complete(verdict.found(), rows);
    List<EventCopy> own =
        rows.values().stream()
            .filter(row -> isMissing(row, verdict, gap))
            .map(Candidate::event)
            .toList();
    missing.addAll(own);
    return rows.size() - verdict.found().size() - own.size();
  }

  private Verdict find(String topic, Map<EventCopy, Instant> createdAt) {
    try (TopicPresence presence = scans.open(topic)) {
      return presence.find(createdAt);
    }
  }

  private static boolean isMissing(Candidate row, Verdict verdict, Optional<SweepGap> gap) {
    return !verdict.found().contains(row.event())
        && (!verdict.undecided().contains(row.event()) || isInGap(row.createdAt(), gap));
  }

  /**
   * Created after what was read for certain, and before reading went on: whoever read up to there
   * cannot have seen it. Where nothing was ever read, or nobody knows how far, that is all rows up
   * to the gap's end. Those around it, which a sweep looks at too, for clocks differ, may have
   * been.
   */
  private static boolean isInGap(Instant createdAt, Optional<SweepGap> gap) {
    return gap.isPresent()
        && gap.get().from().map(createdAt::isAfter).orElse(true)
        && !createdAt.isAfter(gap.get().until());
  }

  private void complete(Set<EventCopy> found, Map<EventCopy, Candidate> rows) {
    List<Completed> completed = new ArrayList<>();
    for (EventCopy event : found) {
      Candidate row = rows.get(event);
      if (row != null && topics.domains().isCompletedByRelay(EventDomain.of(row.domain()))) {
        completed.add(new Completed(table.shard(), event));
      }
    }
    tools.completions().addAll(completed);
  }
}
