package io.sluice.handlers.internal.flow;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.flow.Task.Stage;
import io.sluice.handlers.internal.row.RowState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The places for calls of handlers, and the events that wait for one, first come first served.
 * Owned by the domain's thread.
 */
final class CallSlots {

  private final FlowContext flow;
  private final HandlerCalls calls;
  private final Turns turns;
  private final Outcomes outcomes;
  private final Deque<Task> ready = new ArrayDeque<>();
  private int taken;

  CallSlots(FlowContext flow, HandlerCalls calls, Turns turns, Outcomes outcomes) {
    this.flow = flow;
    this.calls = calls;
    this.turns = turns;
    this.outcomes = outcomes;
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
  void fill() {
    int places = flow.settings().concurrency();
    int passedOver = 0;
    while (taken < places && passedOver < places && !ready.isEmpty()) {
      Task next = ready.removeFirst();
      if (turns.isTurnOf(next)) {
        call(next);
      } else {
        passedOver++;
      }
    }
  }

  boolean canFill() {
    return taken < flow.settings().concurrency() && !ready.isEmpty();
  }

  /** Breaks off what hangs on shards that are away, if all places are taken and others wait. */
  void free(Collection<Task> inHand) {
    if (taken < flow.settings().concurrency() || ready.isEmpty()) {
      return;
    }
    Instant before = flow.clock().instant().minus(flow.timings().hangingCall());
    for (Task task : inHand) {
      if (task.stage() == Stage.CALLED
          && turns.inHand().isSince(task, before)
          && flow.rows().isAway(task.event().shard())) {
        task.invocation().ifPresent(calls::breakOff);
      }
    }
  }

  private void call(Task task) {
    RowState row = task.row();
    HandledEvent attempt =
        task.event().toBuilder().attempt(row.nextAttempt()).maxRetries(row.maxRetries()).build();
    Registration registration = calls.find(attempt);
    turns.hold(task, Stage.CALLED);
    taken++;
    flow.rows().callBegun(attempt.shard());
    Instant begin = flow.clock().instant();
    Invocation call;
    try {
      call =
          calls.begin(
              attempt,
              row.redrives(),
              registration,
              outcome -> flow.mailbox().send(task, () -> ended(task, begin, outcome)));
    } catch (RuntimeException | Error e) {
      // No thread could be had.
      ended(task, begin, new Outcome.Inconclusive(e));
      return;
    }
    task.invoked(Optional.of(call));
    task.timed(Optional.of(flow.after(registration.policy().timeout(), () -> timeOut(task, call))));
  }

  private void timeOut(Task task, Invocation call) {
    if (task.invocation().filter(call::equals).isPresent()) {
      calls.timeOut(call);
      flow.log().slow(task.event());
    }
  }

  private void ended(Task task, Instant begin, Outcome outcome) {
    taken--;
    flow.counters().countCall(Duration.between(begin, flow.clock().instant()));
    task.timer().ifPresent(flow.timers()::cancel);
    task.timed(Optional.empty());
    task.invoked(Optional.empty());
    try {
      outcomes.ended(task, outcome);
    } finally {
      // Only now: a write that was asked for just now waits for others as long as there are calls.
      flow.rows().callEnded(task.event().shard());
    }
  }
}
