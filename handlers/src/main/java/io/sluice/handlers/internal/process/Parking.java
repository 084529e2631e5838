package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.internal.status.AggregateKey;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.util.Optional;
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
  private final ParkedAggregates parked = new ParkedAggregates();

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
    parked.forgetWhatIsKnown();
  }

  /** An event is FAILED. */
  void failed(InFlightEvent event) {
    if (isOn()) {
      parked.failed(event.aggregate(), event.id());
    }
  }

  /** An event is not FAILED any more. */
  void released(AggregateKey aggregate, String id) {
    parked.released(aggregate, id);
  }

  /** The row of an event that was skipped. */
  void seen(InFlightEvent event, RowState row) {
    if (row.status() == OutboxStatus.PUBLISHED) {
      released(event.aggregate(), event.id());
    } else if (row.status() == OutboxStatus.FAILED && row.parked().isEmpty()) {
      failed(event);
    }
  }

  /** Whether the failed events of a shard have to be asked for before its events continue. */
  boolean isUnknown(ShardId shard) {
    return isOn() && !parked.isKnown(shard);
  }

  /**
   * Asks for the failed events of a shard, unless that was done.
   *
   * @param hasEvents whether an aggregate has events here: what is known of it is kept
   * @param whenKnown run when they are known
   */
  void ask(ShardId shard, Predicate<AggregateKey> hasEvents, Runnable whenKnown) {
    if (!parked.ask(shard)) {
      return;
    }
    int epoch = parked.epoch();
    rows.ask(
        shard,
        new RowRequest.FailedHeads(
            settings.domain(),
            failed ->
                loop.post(
                    () -> {
                      parked.know(shard, failed, epoch, hasEvents);
                      whenKnown.run();
                    })));
  }

  /** The failed event behind which this one is to be parked. */
  Optional<String> failedBefore(InFlightEvent event) {
    return isOn() ? parked.before(event.aggregate(), event.id()) : Optional.empty();
  }

  /** Parks an event behind a failed one, if that one still is. */
  void park(InFlightEvent event, String failed, Consumer<ParkAnswer> whenAnswered) {
    event.on(Signal.PARK_REQUESTED);
    rows.ask(
        event.shard(), new RowRequest.Park(event.id(), failed, loop.receive(event, whenAnswered)));
  }
}
