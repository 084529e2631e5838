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
 * Which events must not be handled because an earlier one of their aggregate has failed for good,
 * where that is the policy. What is known here is a hint where to look; the failed event's row
 * decides, which is locked meanwhile, so that a redrive of it comes wholly before or after. Owned
 * by the domain's thread.
 */
final class Parking {

  private final ProcessingSettings settings;
  private final Rows rows;
  private final EventLoop loop;
  private final Map<AggregateKey, NavigableSet<String>> failed = new HashMap<>();
  // Shards whose failed events were asked for since partitions came last, and were read.
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

  /** Partitions have come, whose former owner may have events that have failed since. */
  void partitionsCame() {
    epoch++;
    known.clear();
    asked.clear();
  }

  /** The row of an event that is finished. */
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

  /** An event is not FAILED any more. */
  void released(AggregateKey aggregate, String id) {
    failed.computeIfPresent(
        aggregate,
        (any, ids) -> {
          ids.remove(id);
          return ids.isEmpty() ? null : ids;
        });
  }

  /** Whether the failed events of a shard have to be asked for before its events continue. */
  boolean isUnknown(ShardId shard) {
    return isOn() && !known.contains(shard);
  }

  /**
   * Asks for the failed events of a shard, unless that was done.
   *
   * @param isHere whether an aggregate has events here: what is known of it is kept, since its
   *     failed event may have been redriven and is still to come
   * @param whenKnown run when they are known
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
                      // Otherwise the answer is from before partitions came.
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
   * The failed event behind which this one is to be parked: the first one of its aggregate. An
   * event that has failed itself, and was redriven, comes before those that were written after it.
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

  /** Parks an event behind a failed one, if that one still is. */
  void park(InFlightEvent event, String head, Consumer<ParkAnswer> whenAnswered) {
    event.on(Signal.PARK_REQUESTED);
    rows.ask(
        event.shard(), new RowRequest.Park(event.id(), head, loop.receive(event, whenAnswered)));
  }
}
