package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.deadletter.DeadLetter;
import io.sluice.handlers.internal.deadletter.DeadLetters;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.retry.LastError;
import io.sluice.handlers.internal.row.RowRequest;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.row.RowUpdate;
import io.sluice.outbox.OutboxStatus;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Has what calls came to written: the dead letter of an event that failed for good first, so that
 * there is none that is FAILED without. Owned by the domain's thread.
 */
final class Outcomes {

  /** One shard that fails so often under the same event's handler fails by that. */
  private static final int MOST_DOUBTS = 5;

  private final FlowContext flow;
  private final HandlerCalls calls;
  private final DeadLetters letters;
  private final Parking parking;
  private final Turns turns;

  Outcomes(
      FlowContext flow, HandlerCalls calls, DeadLetters letters, Parking parking, Turns turns) {
    this.flow = flow;
    this.calls = calls;
    this.letters = letters;
    this.parking = parking;
    this.turns = turns;
  }

  /** A call has ended. */
  void ended(Task task, Outcome outcome) {
    if (outcome instanceof Outcome.Succeeded) {
      task.move(Stage.WRITING);
      write(task, RowUpdate.published(task.row(), now()), after -> written(task, after));
    } else if (outcome instanceof Outcome.Failed failed) {
      task.move(Stage.WRITING);
      failed(task, failed.cause());
    } else if (outcome instanceof Outcome.Doubtful doubtful && task.countDoubt() >= MOST_DOUBTS) {
      task.move(Stage.WRITING);
      failed(task, doubtful.cause());
    } else if (outcome instanceof Outcome.Committed committed) {
      written(task, Optional.of(committed.row()));
    } else if (outcome instanceof Outcome.NotDue notDue) {
      turns.backToTurn(task, notDue.row());
    } else if (outcome instanceof Outcome.Abandoned) {
      turns.abandoned(task);
    } else {
      flow.log().setBack(task.event(), outcome);
      turns.setBack(task);
    }
  }

  private void failed(Task task, Throwable cause) {
    RowState row = task.row();
    RetryPolicy policy = calls.find(task.event()).policy();
    boolean isLast = row.isLastAttempt() || policy.isFinal(cause);
    OutboxStatus status = isLast ? OutboxStatus.FAILED : OutboxStatus.RETRY;
    RowUpdate update = new RowUpdate(status, row, LastError.of(cause), now());
    Runnable write = () -> write(task, update, after -> failureWritten(task, cause, after));
    if (isLast) {
      HandledEvent given = task.event().toBuilder().attempt(row.nextAttempt()).build();
      send(new DeadLetter(given, task.origin(), cause, flow.settings().group()), 1, task, write);
    } else {
      write.run();
    }
  }

  private void send(DeadLetter letter, int attempt, Task task, Runnable whenSent) {
    letters.send(
        letter,
        failure ->
            flow.mailbox()
                .send(
                    task,
                    () -> {
                      if (failure == null) {
                        flow.log().letterSent();
                        whenSent.run();
                      } else {
                        flow.log().letterRefused(task.event(), failure);
                        flow.after(
                            flow.timings().deadLetter().delay(attempt),
                            () -> sendAgain(letter, attempt, task, whenSent));
                      }
                    }));
  }

  private void sendAgain(DeadLetter letter, int attempt, Task task, Runnable whenSent) {
    if (task.place().isHeld()) {
      send(letter, attempt + 1, task, whenSent);
    } else {
      // The next owner of the partition sends one.
      turns.abandoned(task);
    }
  }

  private void write(Task task, RowUpdate update, Consumer<Optional<RowState>> whenWritten) {
    flow.ask(
        task,
        new RowRequest.Write(
            task.event().id(),
            update,
            after -> flow.mailbox().send(task, () -> whenWritten.accept(after))));
  }

  private void written(Task task, Optional<RowState> after) {
    if (after.isPresent() && after.get().status() == OutboxStatus.PUBLISHED) {
      flow.counters().countPublished();
      parking.published(task);
      turns.finish(task);
      return;
    }
    after.ifPresent(row -> flow.log().overtaken(task.event(), row.status()));
    turns.backToTurn(task, after);
  }

  private void failureWritten(Task task, Throwable cause, Optional<RowState> after) {
    task.forgetSetbacks();
    if (after.isEmpty() || isAnothers(task, after.get())) {
      after.ifPresent(row -> flow.log().overtaken(task.event(), row.status()));
      turns.backToTurn(task, after);
      return;
    }
    if (after.get().status() == OutboxStatus.FAILED) {
      flow.counters().countFailed();
      flow.log().failedForGood(task.event(), cause, after.get());
      parking.failed(task);
      turns.finish(task);
      return;
    }
    flow.counters().countRetried();
    flow.log().retried(task.event(), cause, after.get());
    turns.backToTurn(task, after);
  }

  private static boolean isAnothers(Task task, RowState after) {
    return after.status() == OutboxStatus.PUBLISHED || after.redrives() > task.redrives();
  }

  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }
}
