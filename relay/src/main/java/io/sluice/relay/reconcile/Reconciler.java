package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.pipeline.ShardStatistics;
import io.sluice.relay.pipeline.ShardStatistics.Counter;
import io.sluice.relay.reconcile.TopicEvents.Verdict;
import io.sluice.relay.reconcile.UnfinishedRows.Candidate;
import io.sluice.relay.state.EventCopy;
import io.sluice.relay.state.PendingWork;
import io.sluice.relay.state.WorkItem.AwaitCommit;
import io.sluice.relay.state.WorkItem.MarkFailed;
import io.sluice.relay.state.WorkItem.ReconcileGap;
import java.sql.Connection;
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
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Compares unfinished rows with the records on their topics, and publishes the missing ones. */
public final class Reconciler {

  private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
  private static final String GAP = "gap";
  private static final String SWEEP = "sweep";

  private final TableAccess table;
  private final TopicLookup topics;
  private final Replayer replayer;
  private final PendingWork pendingWork;
  private final ShardStatistics statistics;

  /** The last gap for which open rows were reported. */
  private Optional<ReconcileGap> reported = Optional.empty();

  public Reconciler(
      TableAccess table,
      TopicLookup topics,
      Replayer replayer,
      PendingWork pendingWork,
      ShardStatistics statistics) {
    this.table = table;
    this.topics = topics;
    this.replayer = replayer;
    this.pendingWork = pendingWork;
    this.statistics = statistics;
  }

  /** Begins a lookup of many rows, which the caller closes. */
  RowLookup lookUp(ReconcilePass pass, ReconcileWindow window) {
    return topics.begin(pass, window);
  }

  /** Whether the relay marks the rows of any domain PUBLISHED. */
  boolean completesAny() {
    return replayer.completesAny();
  }

  /** The rows that the relay marks PUBLISHED. */
  List<Candidate> completed(List<Candidate> rows) {
    return rows.stream().filter(row -> replayer.isCompleted(row.domain())).toList();
  }

  /**
   * Publishes the rows that are missing from their topics, except those that were redriven or
   * finished meanwhile.
   *
   * @param lookup has looked up the rows; others are left as they are
   */
  ReconcileResult reconcile(List<Candidate> rows, RowLookup lookup) throws SQLException {
    ReconcileWindow window = lookup.window();
    List<Candidate> missing = new ArrayList<>();
    Set<EventCopy> held = new HashSet<>();
    int undecided = 0;
    List<EventCopy> open = new ArrayList<>();
    for (Candidate row : rows) {
      EventCopy event = row.event();
      Verdict verdict = lookup.verdict(row);
      switch (verdict) {
        case UNKNOWN -> {}
        case UNREADABLE -> held.add(event);
        case FOUND -> {
          replayer.complete(table.shard(), EventDomain.of(row.domain()), event);
          open.add(event);
        }
        case MISSING, UNDECIDED -> {
          if (verdict == Verdict.MISSING || window.isWithinGap(row)) {
            missing.add(row);
          } else {
            undecided++;
          }
        }
      }
    }
    window.gap().ifPresent(gap -> report(gap, open));
    statistics.add(Counter.SWEPT_ROWS, rows.size() - held.size());
    statistics.add(Counter.UNDECIDED_ROWS, undecided);
    Set<EventCopy> refused = new HashSet<>();
    List<EventCopy> events =
        missing.stream().map(Candidate::event).sorted(Comparator.comparing(EventCopy::id)).toList();
    int published = publish(events, window.gap().isPresent() ? GAP : SWEEP, held, refused);
    // A row may be read again by this lookup, when its handler has failed and its status is RETRY.
    missing.stream()
        .filter(row -> !held.contains(row.event()) && !refused.contains(row.event()))
        .forEach(lookup::published);
    return new ReconcileResult(rows.size(), published, undecided, held, refused);
  }

  /** Handlers do not read the record of an open row again if their offset is behind it. */
  private void report(ReconcileGap gap, List<EventCopy> open) {
    if (open.isEmpty() || !gap.mayLackStatuses()) {
      return;
    }
    statistics.add(Counter.REOPENED_ROWS, open.size());
    if (!reported.equals(Optional.of(gap))) {
      reported = Optional.of(gap);
      LOG.warn(
          "shard '{}': rows of {} are PENDING or RETRY and their events are on their topics, such"
              + " as event {}. If the transactions that its server lacks had completed them,"
              + " handlers do not process them again: redrive those that stay open"
              + " (docs/recovery.md, Lost statuses)",
          table.shard(),
          table.name(),
          open.get(0).id());
    }
  }

  /** The rows that have a pending work item now, which completes them later. */
  Predicate<EventCopy> rowsWithWorkItem() {
    Map<String, MarkFailed> failed = new HashMap<>();
    pendingWork.of(MarkFailed.class).forEach(row -> failed.put(row.eventId(), row));
    Set<String> prepared =
        pendingWork.of(AwaitCommit.class).stream()
            .map(AwaitCommit::eventId)
            .collect(Collectors.toSet());
    return copy ->
        prepared.contains(copy.id())
            || Optional.ofNullable(failed.get(copy.id()))
                .filter(row -> row.isAbout(copy))
                .isPresent();
  }

  /**
   * Publishes rows.
   *
   * @param reason value of the header {@code outbox-replay}
   * @param held receives rows that are locked
   * @param refused receives rows that wait for an operator
   * @return the number of rows published
   */
  private int publish(
      List<EventCopy> missing, String reason, Set<EventCopy> held, Set<EventCopy> refused)
      throws SQLException {
    if (missing.isEmpty()) {
      return 0;
    }
    int published = 0;
    try (Connection connection = table.connect()) {
      for (int i = 0; i < missing.size(); ) {
        Replayer.Replay replay = replayer.begin(connection, table.table(), reason);
        for (; i < missing.size() && !replay.isFull(); i++) {
          EventCopy event = missing.get(i);
          // A row that was redriven since the lookup comes from the binlog.
          if (!replay.add(event.id(), event::equals, List.of())) {
            held.add(event);
          }
        }
        Replayer.Result result = replay.publish();
        published += result.published();
        missing.stream()
            .filter(event -> result.refused().contains(event.id()))
            .forEach(refused::add);
      }
    }
    if (published > 0) {
      LOG.warn(
          "shard '{}': published {} rows of {} that were missing from their topics ({})",
          table.shard(),
          published,
          table.name(),
          reason);
    }
    return published;
  }
}
