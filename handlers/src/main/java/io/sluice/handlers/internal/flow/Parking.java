package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.AfterFailure;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.row.AggregateKey;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowRequest.ParkAnswer;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.row.Rows;
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

  private final FlowSettings settings;
  private final Rows rows;
  private final Mailbox mailbox;
  private final ParkedAggregates parked = new ParkedAggregates();

  /** What becomes of an event that was kept from its turn. */
  interface Turns {

    /** Others have it in hand. */
    void hold(Task task, Stage stage);

    /** It is parked; nothing is left to do. */
    void wasParked(Task task);

    /** It has its turn, with its row as it was just seen. */
    void backToTurn(Task task, Optional<RowState> row);

    /** It has its turn, and its row is to be read again. */
    void readAgain(Task task);

    /** It waits until the record of the failed event, which was redriven, has come. */
    void standBehind(Task task);

    /** The failed events of a shard are known now. */
    void failedAreKnown(ShardId shard);
  }

  Parking(FlowSettings settings, Rows rows, Mailbox mailbox) {
    this.settings = settings;
    this.rows = rows;
    this.mailbox = mailbox;
  }

  private boolean isOn() {
    return settings.afterFailure() == AfterFailure.PARK;
  }

  /** Behind which event this one belongs, as far as is known. */
  Optional<String> headBefore(Task task) {
    return parked.before(task.aggregate(), task.event().id());
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
  boolean holds(Task task, Turns turns) {
    if (!isOn()) {
      return false;
    }
    ShardId shard = task.event().shard();
    if (!parked.isKnown(shard)) {
      askForFailed(shard, turns);
      return true;
    }
    Optional<String> head = parked.before(task.aggregate(), task.event().id());
    head.ifPresent(id -> park(task, id, turns));
    return head.isPresent();
  }

  private void askForFailed(ShardId shard, Turns turns) {
    if (parked.ask(shard)) {
      int epoch = parked.epoch();
      rows.ask(
          shard,
          new RowRequest.FailedHeads(
              settings.domain(), failed -> mailbox.send(() -> know(shard, failed, epoch, turns))));
    }
  }

  private void know(ShardId shard, Map<String, AggregateKey> failed, int epoch, Turns turns) {
    parked.know(shard, failed, epoch);
    turns.failedAreKnown(shard);
  }

  private void park(Task task, String head, Turns turns) {
    turns.hold(task, Stage.WRITING);
    rows.ask(
        task.event().shard(),
        new RowRequest.Park(
            task.event().id(),
            head,
            answer -> mailbox.send(task, () -> answered(task, head, answer, turns))));
  }

  private void answered(Task task, String head, ParkAnswer answer, Turns turns) {
    if (answer instanceof ParkAnswer.Behind behind) {
      if (behind.row().flatMap(RowState::parked).isPresent()) {
        turns.wasParked(task);
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
