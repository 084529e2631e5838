package io.sluice.handlers.internal.process;

import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.RetryPolicy;
import io.sluice.handlers.internal.Backoff;
import io.sluice.handlers.internal.LastError;
import io.sluice.handlers.internal.dispatch.HandlerCalls;
import io.sluice.handlers.internal.dispatch.Invocation;
import io.sluice.handlers.internal.dispatch.Invocation.Cut;
import io.sluice.handlers.internal.dispatch.Outcome;
import io.sluice.handlers.internal.dispatch.Registration;
import io.sluice.handlers.internal.process.OutcomeCounters.Counter;
import io.sluice.handlers.internal.status.RowRequest;
import io.sluice.handlers.internal.status.RowState;
import io.sluice.handlers.internal.status.RowUpdate;
import io.sluice.handlers.internal.status.Rows;
import io.sluice.outbox.OutboxStatus;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Attempts to handle events: calls the handler, sends a dead letter if the event failed for good,
 * and writes the outcome to the row. Owned by the domain's thread.
 */
final class Attempts {

  /** An event fails if its shard breaks this often while its handler runs. */
  private static final int MAX_DOUBTS = 5;

  /** The result of an attempt, after its dead letter and its outcome are written. */
  sealed interface Result {

    /** The row is PUBLISHED or FAILED. */
    record Finished(RowState row) implements Result {
      public Finished {
        Objects.requireNonNull(row, "row");
      }
    }

    /**
     * The row determines the next step: a failure was counted, or the row was changed concurrently.
     *
     * @param row the current row; empty if it is gone
     */
    record Continues(Optional<RowState> row) implements Result {
      public Continues {
        Objects.requireNonNull(row, "row");
      }
    }

    /**
     * The attempt failed for a reason other than the event. It is not counted, and the event is
     * tried again.
     */
    record Inconclusive() implements Result {}

    /** The attempt was cancelled because the partition was revoked or the runtime stops. */
    record Abandoned() implements Result {}
  }

  private final Rows rows;
  private final HandlerCalls calls;
  private final DeadLetterSender letters;
  private final EventLoop loop;
  private final ProcessingMonitor monitor;

  Attempts(
      Rows rows,
      HandlerCalls calls,
      DeadLetterSender letters,
      EventLoop loop,
      ProcessingMonitor monitor) {
    this.rows = rows;
    this.calls = calls;
    this.letters = letters;
    this.loop = loop;
    this.monitor = monitor;
  }

  private RetryPolicy policy(InFlightEvent event) {
    return calls.find(event.event()).policy();
  }

  /** The time until the next attempt of an event whose row is known; zero if it is due. */
  Duration untilNext(InFlightEvent event) {
    RowState row = event.row();
    if (row.retryCount() == 0 || event.hasWaitedFor(row.retryCount())) {
      return Duration.ZERO;
    }
    Duration wait = Backoff.of(policy(event)).delay(row.retryCount(), event.id());
    Duration age = Duration.between(row.updatedAt(), Instant.now());
    if (age.compareTo(wait) >= 0) {
      return Duration.ZERO;
    }
    // Clocks differ, so an update time in the future never extends the wait.
    return age.isNegative() ? wait : wait.minus(age);
  }

  /**
   * Calls the handler of an event whose row was read.
   *
   * @param whenDone receives the result once, on the domain's thread, after everything is written
   */
  void start(InFlightEvent event, Consumer<Result> whenDone) {
    RowState row = event.row();
    HandledEvent attempt =
        event.event().toBuilder().attempt(row.nextAttempt()).maxRetries(row.maxRetries()).build();
    Registration registration = calls.find(attempt);
    event.on(Signal.CALL_STARTED);
    rows.callBegun(event.shard());
    Invocation call;
    try {
      call =
          calls.begin(
              attempt,
              row.redrives(),
              registration,
              loop.receive(event, outcome -> ended(event, outcome, whenDone)));
    } catch (RuntimeException | Error e) {
      // No thread could be started.
      ended(event, new Outcome.Inconclusive(e), whenDone);
      return;
    }
    event.invoked(Optional.of(call));
    event.timer(loop.after(registration.policy().timeout(), () -> timeOut(event, call)));
  }

  private void timeOut(InFlightEvent event, Invocation call) {
    if (event.invocation().filter(call::equals).isPresent()) {
      calls.cut(call, Cut.TIMED_OUT);
      monitor.timedOut(event.event());
    }
  }

  private void ended(InFlightEvent event, Outcome outcome, Consumer<Result> whenDone) {
    monitor.callEnded(event.outstandingFor());
    event.takeTimer().ifPresent(loop::cancel);
    event.invoked(Optional.empty());
    try {
      conclude(event, outcome, whenDone);
    } finally {
      // After the outcome is requested: while calls run, its write waits for others to batch with.
      rows.callEnded(event.shard());
    }
  }

  private void conclude(InFlightEvent event, Outcome outcome, Consumer<Result> whenDone) {
    if (outcome instanceof Outcome.Succeeded) {
      RowUpdate update = RowUpdate.published(event.row(), now());
      write(event, update, after -> whenDone.accept(published(event, after)));
    } else if (outcome instanceof Outcome.Failed failed) {
      failed(event, failed.cause(), whenDone);
    } else if (outcome instanceof Outcome.Doubtful doubtful && event.countDoubt() >= MAX_DOUBTS) {
      failed(event, doubtful.cause(), whenDone);
    } else if (outcome instanceof Outcome.Committed committed) {
      whenDone.accept(published(event, Optional.of(committed.row())));
    } else if (outcome instanceof Outcome.NotDue notDue) {
      whenDone.accept(new Result.Continues(notDue.row()));
    } else if (outcome instanceof Outcome.Abandoned) {
      whenDone.accept(new Result.Abandoned());
    } else {
      monitor.notCounted(event.event(), outcome);
      whenDone.accept(new Result.Inconclusive());
    }
  }

  private void failed(InFlightEvent event, Throwable cause, Consumer<Result> whenDone) {
    RowState row = event.row();
    boolean isLast = row.isLastAttempt() || policy(event).isFinal(cause);
    OutboxStatus status = isLast ? OutboxStatus.FAILED : OutboxStatus.RETRY;
    RowUpdate update = new RowUpdate(status, row, LastError.of(cause), now());
    Consumer<Optional<RowState>> whenWritten =
        after -> whenDone.accept(failureWritten(event, cause, after));
    if (!isLast) {
      write(event, update, whenWritten);
      return;
    }
    sendDeadLetter(
        event,
        cause,
        isSent -> {
          if (isSent) {
            write(event, update, whenWritten);
          } else {
            whenDone.accept(new Result.Abandoned());
          }
        });
  }

  /**
   * Sends the dead letter of an event.
   *
   * @param whenDone receives false if the partition was revoked before the brokers had stored it
   */
  void sendDeadLetter(InFlightEvent event, Throwable cause, Consumer<Boolean> whenDone) {
    event.on(Signal.DEAD_LETTER_REQUESTED);
    letters.send(event, cause, whenDone);
  }

  private void write(
      InFlightEvent event, RowUpdate update, Consumer<Optional<RowState>> whenWritten) {
    event.on(Signal.WRITE_REQUESTED);
    rows.ask(
        event.shard(),
        new RowRequest.Write(
            event.id(), update, event.isFollowed(), loop.receive(event, whenWritten)));
  }

  private Result published(InFlightEvent event, Optional<RowState> after) {
    if (after.isPresent() && after.get().status() == OutboxStatus.PUBLISHED) {
      monitor.count(Counter.PUBLISHED);
      return new Result.Finished(after.get());
    }
    return overtaken(event, after);
  }

  private Result failureWritten(InFlightEvent event, Throwable cause, Optional<RowState> after) {
    event.forgetSetbacks();
    if (after.isEmpty() || isAnothers(event, after.get())) {
      return overtaken(event, after);
    }
    if (after.get().status() == OutboxStatus.FAILED) {
      monitor.failedForGood(event.event(), cause, after.get());
      return new Result.Finished(after.get());
    }
    monitor.retried(event.event(), cause, after.get());
    return new Result.Continues(after);
  }

  private static boolean isAnothers(InFlightEvent event, RowState after) {
    return after.status() == OutboxStatus.PUBLISHED || after.redrives() > event.redrives();
  }

  private Result overtaken(InFlightEvent event, Optional<RowState> after) {
    after.ifPresent(row -> monitor.overtaken(event.event(), row.status()));
    return new Result.Continues(after);
  }

  /** The time to store in rows. Wall-clock time, because other machines read it. */
  private static Instant now() {
    return Instant.now().truncatedTo(ChronoUnit.MICROS);
  }

  /** Ends the running calls of these events. */
  void cut(Collection<InFlightEvent> events, Cut reason) {
    events.forEach(event -> event.invocation().ifPresent(call -> calls.cut(call, reason)));
  }
}
