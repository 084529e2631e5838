package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.util.Map;
import java.util.Optional;

/**
 * Keeps events from their turn whose aggregate has one that failed for good, where that is the
 * policy. What is known here is a hint of where to look; it is decided by the failed event's row,
 * held meanwhile, so that redrive and parking come one after the other. Owned by the domain's
 * thread.
 */
final class Parking {

  private final FlowContext flow;
  private final Turns turns;
  private final ParkedAggregates parked = new ParkedAggregates();

  Parking(FlowContext flow, Turns turns) {
    this.flow = flow;
    this.turns = turns;
  }

  private boolean isOn() {
    return flow.settings().afterFailure() == AfterFailure.PARK;
  }

  /** Partitions have come whose former owner may have failed events since. */
  void partitionsCame() {
    parked.forgetWhatIsKnown();
  }

  /** An event is FAILED. */
  void failed(Task task) {
    if (isOn()) {
      parked.failed(task.aggregate(), task.event().id());
    }
  }

  /** An event is PUBLISHED, perhaps one that had failed and was redriven. */
  void published(Task task) {
    parked.released(task.aggregate(), task.event().id());
  }

  /** An event's row says that it is done. */
  void seen(Task task, RowState row) {
    if (row.status() == OutboxStatus.PUBLISHED) {
      published(task);
    } else if (row.status() == OutboxStatus.FAILED && row.parked().isEmpty()) {
      failed(task);
    }
  }

  /** Whether the event is kept from its turn; if so, the turns hear of it again. */
  boolean holds(Task task) {
    if (!isOn()) {
      return false;
    }
    ShardId shard = task.event().shard();
    if (!parked.isKnown(shard)) {
      askForFailed(shard);
      return true;
    }
    Optional<String> head = parked.before(task.aggregate(), task.event().id());
    head.ifPresent(id -> park(task, id));
    return head.isPresent();
  }

  private void askForFailed(ShardId shard) {
    if (parked.ask(shard)) {
      int epoch = parked.epoch();
      flow.rows()
          .ask(
              shard,
              new RowRequest.FailedHeads(
                  flow.settings().domain(),
                  failed -> flow.mailbox().send(() -> know(shard, failed, epoch))));
    }
  }

  private void know(ShardId shard, Map<String, AggregateKey> failed, int epoch) {
    parked.know(shard, failed, epoch, turns::has);
    turns.failedAreKnown(shard);
  }

  private void park(Task task, String head) {
    turns.hold(task, Stage.WRITING);
    flow.ask(
        task,
        new RowRequest.Park(
            task.event().id(),
            head,
            answer -> flow.mailbox().send(task, () -> answered(task, head, answer))));
  }

  private void answered(Task task, String head, ParkAnswer answer) {
    if (answer instanceof ParkAnswer.Behind behind) {
      if (behind.row().flatMap(RowState::parked).isPresent()) {
        flow.counters().countParked();
        turns.finish(task);
      } else {
        turns.backToTurn(task, behind.row());
      }
    } else if (answer instanceof ParkAnswer.HeadDone) {
      parked.released(task.aggregate(), head);
      turns.readAgain(task);
    } else {
      turns.standBehind(task);
    }
  }
}
