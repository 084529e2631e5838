package io.sluice.handlers.internal.flow;

import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.row.FoundRow;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowRequest.Confirmation;
import io.sluice.handlers.internal.row.RowState;
import java.util.Optional;

/**
 * Asks for events' rows, and whether what they show is believed. An answer that nobody waits for
 * any more is not heeded. Owned by the domain's thread.
 */
final class RowQuestions {

  private final FlowContext flow;
  private final Turns turns;

  RowQuestions(FlowContext flow, Turns turns) {
    this.flow = flow;
    this.turns = turns;
  }

  void read(Task task) {
    task.move(Stage.READING);
    if (!flow.rows().reaches(task.event().shard())) {
      flow.log().unreachable(task.event());
      return;
    }
    flow.ask(
        task,
        new RowRequest.Read(
            task.event().id(),
            task.event().maxRetries(),
            task.redrives(),
            task.lastRow(),
            false,
            task.place()::isHeld,
            row -> flow.mailbox().send(task, () -> wasRead(task, row.map(FoundRow::state)))));
  }

  private void wasRead(Task task, Optional<RowState> row) {
    if (isWaitedFor(task)) {
      task.know(row, flow.clock().instant());
      turns.rowIsKnown(task);
    }
  }

  /** A server that took over a moment ago, or lags behind, may not have the row yet. */
  void confirm(Task task) {
    task.move(Stage.READING);
    flow.ask(
        task,
        new RowRequest.Confirm(
            task.event().id(),
            task.redrives(),
            task.origin().transaction(),
            answer -> flow.mailbox().send(task, () -> confirmed(task, answer))));
  }

  private void confirmed(Task task, Confirmation answer) {
    if (!isWaitedFor(task)) {
      return;
    }
    if (answer instanceof Confirmation.Doubtful doubtful) {
      flow.log().rowMissing(task.event(), doubtful.why());
      turns.rowIsDoubtful(task);
    } else if (answer instanceof Confirmation.Certain certain) {
      task.knowCertain(certain.row(), flow.clock().instant());
      turns.rowIsKnown(task);
    }
  }

  private boolean isWaitedFor(Task task) {
    return task.stage() == Stage.READING && turns.isHere(task);
  }
}
