package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.row.RowState;
import io.sluice.handlers.internal.row.Rows;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The places for calls of handlers, and the events that wait for one, first come first served.
 * Owned by the domain's thread.
 */
final class CallSlots {

  private final int places;
  private final HandlerCalls calls;
  private final Rows rows;
  private final Mailbox mailbox;
  private final Timers timers;
  private final InstantSource clock;
  private final FlowLog log;
  private final Deque<Task> ready = new ArrayDeque<>();
  private int taken;

  /** What is told of calls. */
  interface Callers {

    /** The event has a place, if it still is the one to have its turn. */
    boolean isTurnOf(Task task);

    void hold(Task task, Stage stage);

    void ended(Task task, Outcome outcome);
  }

  CallSlots(
      int places,
      HandlerCalls calls,
      Rows rows,
      Mailbox mailbox,
      Timers timers,
      InstantSource clock,
      FlowLog log) {
    this.places = places;
    this.calls = calls;
    this.rows = rows;
    this.mailbox = mailbox;
    this.timers = timers;
    this.clock = clock;
    this.log = log;
  }

  int taken() {
    return taken;
  }

  /** It waits for a place. */
  void await(Task task) {
    task.move(Stage.READY);
    if (task.takeWaited()) {
      ready.addFirst(task);
    } else {
      ready.addLast(task);
    }
  }

  void removeIf(Predicate<Task> kind) {
    ready.removeIf(kind);
  }

  /** Calls as many handlers as there are places, passing over no more events than that. */
  void fill(Callers callers) {
    int passedOver = 0;
    while (taken < places && passedOver < places && !ready.isEmpty()) {
      Task next = ready.removeFirst();
      if (callers.isTurnOf(next)) {
        call(next, callers);
      } else {
        passedOver++;
      }
    }
  }

  private void call(Task task, Callers callers) {
    RowState row = task.row();
    HandledEvent attempt =
        task.event().toBuilder().attempt(row.nextAttempt()).maxRetries(row.maxRetries()).build();
    Registration registration = calls.find(attempt);
    callers.hold(task, Stage.CALLED);
    taken++;
    rows.callBegun(attempt.shard());
    try {
      task.invoked(
          Optional.of(
              calls.begin(
                  attempt,
                  task.redrives(),
                  registration,
                  outcome -> mailbox.send(task, () -> ended(task, outcome, callers)))));
    } catch (RuntimeException | Error e) {
      // No thread could be had.
      ended(task, new Outcome.Inconclusive(e), callers);
      return;
    }
    task.timed(
        Optional.of(
            timers.at(clock.instant().plus(registration.policy().timeout()), () -> timeOut(task))));
  }

  private void timeOut(Task task) {
    log.slow(task.event());
    task.invocation().ifPresent(calls::timeOut);
  }

  private void ended(Task task, Outcome outcome, Callers callers) {
    taken--;
    task.timer().ifPresent(timers::cancel);
    task.timed(Optional.empty());
    task.invoked(Optional.empty());
    try {
      callers.ended(task, outcome);
    } finally {
      // Only now: a write that was asked for just now waits for others as long as there are calls.
      rows.callEnded(task.event().shard());
    }
  }
}
