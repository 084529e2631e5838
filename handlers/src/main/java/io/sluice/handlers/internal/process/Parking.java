package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * Finds events to park: those behind an event of the same aggregate that failed for good, if this
 * policy is configured. The failed events known here are only a hint. The failed row itself
 * decides, and is locked meanwhile, so that a concurrent redrive runs either before or after. Owned
 * by the domain's thread.
 */
final class Parking {

  private final ProcessingSettings settings;
  private final Rows rows;
  private final EventLoop loop;
  private final Map<AggregateKey, NavigableSet<String>> failed = new HashMap<>();
  // Shards whose failed events were requested, and were read, since the last assignment of
  // partitions.
  private final Set<ShardId> asked = new HashSet<>();
  private final Set<ShardId> known = new HashSet<>();
  private int epoch;

  Parking(ProcessingSettings settings, Rows rows, EventLoop loop) {
    this.settings = settings;
    this.rows = rows;
    this.loop = loop;
  }

  private boolean isOn() {
    return settings.afterFailure() == AfterFailure.PARK;
  }

  /**
   * Invalidates the known failed events, because events of newly assigned partitions may have
   * failed on another worker.
   */
  void partitionsCame() {
    epoch++;
    known.clear();
    asked.clear();
  }

  /** Updates the failed events from the row of a finished event. */
  void finished(AggregateKey aggregate, String id, RowState row) {
    if (row.status() == OutboxStatus.PUBLISHED) {
      released(aggregate, id);
    } else if (isOn() && row.status() == OutboxStatus.FAILED && row.parked().isEmpty()) {
      failed(aggregate, id);
    }
  }

  private void failed(AggregateKey aggregate, String id) {
    failed.computeIfAbsent(aggregate, any -> new TreeSet<>()).add(id);
  }

  /** Removes an event that is no longer FAILED. */
  void released(AggregateKey aggregate, String id) {
    failed.computeIfPresent(
        aggregate,
        (any, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
  }

  /** Whether the failed events of a shard must be read before its events continue. */
  boolean isUnknown(ShardId shard) {
    return isOn() && !known.contains(shard);
  }

  /**
   * Requests the failed events of a shard, unless they were requested before.
   *
   * @param isHere whether an aggregate has events in flight. Its known failed events are kept,
   *     because one of them may have been redriven and not yet delivered.
   * @param whenKnown runs when the failed events are known
   */
  void ask(ShardId shard, Predicate<AggregateKey> isHere, Runnable whenKnown) {
    if (!asked.add(shard)) {
      return;
    }
    int askedIn = epoch;
    rows.ask(
        shard,
        new RowRequest.FailedHeads(
            settings.domain(),
            heads ->
                loop.post(
                    () -> {
                      // An answer to an older epoch was read before the last assignment of
                      // partitions.
                      if (askedIn == epoch) {
                        know(shard, heads, isHere);
                      }
                      whenKnown.run();
                    })));
  }

  private void know(
      ShardId shard, Map<String, AggregateKey> heads, Predicate<AggregateKey> isHere) {
    failed
        .keySet()
        .removeIf(aggregate -> aggregate.shard().equals(shard) && !isHere.test(aggregate));
    heads.forEach((id, aggregate) -> failed(aggregate, id));
    known.add(shard);
  }

  /**
   * The first failed event of the aggregate, behind which this event must be parked. A failed event
   * that was redriven precedes the events that were written after it.
   *
   * @return the id of the failed event; empty if this event must not be parked
   */
  Optional<String> failedBefore(AggregateKey aggregate, String id) {
    NavigableSet<String> ids = failed.get(aggregate);
    if (ids == null) {
      return Optional.empty();
    }
    String first = ids.first();
    boolean comesFirst = ids.contains(id) && first.compareTo(id) >= 0;
    return comesFirst ? Optional.empty() : Optional.of(first);
  }

  /** Parks an event behind a failed one, provided that one is still FAILED. */
  void park(InFlightEvent event, String head, Consumer<ParkAnswer> whenAnswered) {
    event.on(Signal.PARK_REQUESTED);
    rows.ask(
        event.shard(), new RowRequest.Park(event.id(), head, loop.receive(event, whenAnswered)));
  }
}
