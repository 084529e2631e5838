package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.publish.Domains;
import io.sluice.relay.reconcile.SweepPage.Candidate;
import io.sluice.relay.reconcile.TopicLookup.Answer;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.Completions;
import io.sluice.relay.state.Completions.Completed;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import io.sluice.relay.state.WorkItem.SweepGap;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;

/** Compares unfinished rows with the records on their topics, and publishes the missing ones. */
public final class Reconciler {

  private static final String GAP = "gap";
  private static final String SWEEP = "sweep";

  private final ShardTable table;
  private final TopicLookup topics;
  private final Domains domains;
  private final Tools tools;
  private final ShardStatistics statistics;

  /** The collaborators that carry out a decision. */
  public record Tools(WorkItemStore store, SweepReplay replay, Completions completions) {}

  public Reconciler(
      ShardTable table,
      TopicLookup topics,
      Domains domains,
      Tools tools,
      ShardStatistics statistics) {
    this.table = table;
    this.topics = topics;
    this.domains = domains;
    this.tools = tools;
    this.statistics = statistics;
  }

  /**
   * Publishes the rows that are missing from their topics.
   *
   * @param gap the gap to which the rows belong, if any
   * @return the outcome
   */
  SweepResult reconcile(List<Candidate> rows, Optional<SweepGap> gap) throws SQLException {
    Predicate<EventCopy> hasWorkItem = rowsWithWorkItem();
    Map<String, Map<EventCopy, Candidate>> byTopic = new HashMap<>();
    for (Candidate row : rows) {
      if (!hasWorkItem.test(row.event())) {
        byTopic.computeIfAbsent(topics.topic(row), topic -> new HashMap<>()).put(row.event(), row);
      }
    }
    List<EventCopy> missing = new ArrayList<>();
    Set<EventCopy> held = new HashSet<>();
    int undecided = 0;
    for (Map.Entry<String, Map<EventCopy, Candidate>> sought : byTopic.entrySet()) {
      Map<EventCopy, Candidate> own = sought.getValue();
      Optional<Answer> answer = topics.find(sought.getKey(), own, gap);
      if (answer.isEmpty()) {
        held.addAll(own.keySet());
        continue;
      }
      complete(answer.get().found(), own);
      missing.addAll(answer.get().missing());
      undecided += own.size() - answer.get().found().size() - answer.get().missing().size();
    }
    statistics.add(Counter.SWEPT_ROWS, rows.size() - held.size());
    statistics.add(Counter.UNDECIDED_ROWS, undecided);
    SweepResult decided = new SweepResult(rows.size(), 0, undecided, held, Set.of());
    return missing.isEmpty()
        ? decided
        : decided.plus(publish(missing, gap.isPresent() ? GAP : SWEEP));
  }

  private SweepResult publish(List<EventCopy> missing, String reason) throws SQLException {
    return tools
        .replay()
        .publish(missing.stream().sorted(Comparator.comparing(EventCopy::id)).toList(), reason);
  }

  /** Rows with a pending work item, which completes them later. */
  private Predicate<EventCopy> rowsWithWorkItem() {
    Map<String, MarkFailed> failed = new HashMap<>();
    tools
        .store()
        .open(MarkFailed.class, Integer.MAX_VALUE)
        .forEach(row -> failed.put(row.eventId(), row));
    Set<String> prepared = new HashSet<>();
    tools
        .store()
        .open(AwaitCommit.class, Integer.MAX_VALUE)
        .forEach(row -> prepared.add(row.eventId()));
    return copy ->
        prepared.contains(copy.id())
            || Optional.ofNullable(failed.get(copy.id()))
                .filter(row -> row.isAbout(copy))
                .isPresent();
  }

  private void complete(Set<EventCopy> found, Map<EventCopy, Candidate> rows) {
    List<Completed> completed = new ArrayList<>();
    for (EventCopy event : found) {
      Candidate row = rows.get(event);
      if (row != null && domains.isCompletedByRelay(EventDomain.of(row.domain()))) {
        completed.add(new Completed(table.shard(), event));
      }
    }
    tools.completions().addAll(completed);
  }
}
