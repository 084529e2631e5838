package io.sluice.handlers.internal.dispatch;

import io.sluice.handlers.api.AsyncEventHandler;
import io.sluice.handlers.api.EventHandler;
import io.sluice.handlers.api.HandledEvent;
import io.sluice.handlers.api.HandlerTimeoutException;
import io.sluice.handlers.api.TransactionalEventHandler;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of a handler. It ends by itself, or is cut by its timeout or by the end of the runtime.
 * Its outcome is reported once. Thread-safe.
 */
public final class Invocation implements Runnable {

  private static final Logger LOG = LoggerFactory.getLogger(Invocation.class);

  /** The reason why a call was cut. */
  public enum Cut {
    NONE,
    TIMED_OUT,
    /** The outcome is no longer needed. */
    ABANDONED,
    /** The shard is away. */
    SHARD_AWAY
  }

  private final HandledEvent event;
  private final int redrives;
  private final Registration registration;
  private final @Nullable RowTransactions transactions;
  private final Consumer<Outcome> whenEnded;

  // All guarded by this, except reads of cut.
  private volatile Cut cut = Cut.NONE;
  private boolean entered;
  private boolean ended;
  private @Nullable Thread thread;
  private @Nullable Runnable connectionCut;
  private @Nullable CompletionStage<?> stage;

  /**
   * @param redrives the number of redrives of the event's record
   * @param transactions runs transactional handlers; null if there are none
   * @param whenEnded receives the outcome once, on any thread
   */
  Invocation(
      HandledEvent event,
      int redrives,
      Registration registration,
      @Nullable RowTransactions transactions,
      Consumer<Outcome> whenEnded) {
    this.event = event;
    this.redrives = redrives;
    this.registration = registration;
    this.transactions = transactions;
    this.whenEnded = whenEnded;
  }

  /**
   * Calls the handler on the current thread, and clears the thread's interrupt status afterwards.
   */
  @Override
  public void run() {
    if (!begin()) {
      endUnbegun();
      return;
    }
    @Nullable Outcome outcome;
    try {
      outcome = call();
    } catch (Throwable e) {
      outcome = Outcome.ofFailure(e);
    } finally {
      leave();
    }
    if (outcome != null) {
      end(outcome);
    }
  }

  private synchronized boolean begin() {
    if (cut != Cut.NONE) {
      return false;
    }
    thread = Thread.currentThread();
    return true;
  }

  /** A call that was cut before it had a thread does not count as a failure. */
  private void endUnbegun() {
    Outcome outcome;
    synchronized (this) {
      ended = true;
      outcome = cut == Cut.ABANDONED ? new Outcome.Abandoned() : notReached(null);
    }
    whenEnded.accept(outcome);
  }

  /** From here on, the thread must not be interrupted, because it is reused. */
  private synchronized void leave() {
    thread = null;
    connectionCut = null;
    Thread.interrupted();
  }

  /** Returns the outcome; null if an asynchronous handler reports it later. */
  private @Nullable Outcome call() throws Exception {
    if (registration.handler() instanceof EventHandler handler) {
      enter();
      handler.handle(event);
      return new Outcome.Succeeded();
    }
    if (registration.handler() instanceof TransactionalEventHandler handler) {
      return callInTransaction(
          (given, connection) -> {
            enter();
            handler.handle(given, connection);
          });
    }
    enter();
    callAsync((AsyncEventHandler) registration.handler());
    return null;
  }

  /** A failure before this point is not the handler's own. */
  private synchronized void enter() {
    if (cut != Cut.NONE) {
      throw new CancellationException("the call was cut off before its handler was reached");
    }
    entered = true;
  }

  private Outcome callInTransaction(TransactionalEventHandler handler) {
    return Objects.requireNonNull(transactions, "transactions")
        .run(event, redrives, handler, this::lent);
  }

  private synchronized void lent(Runnable cutOff) {
    connectionCut = cutOff;
  }

  private void callAsync(AsyncEventHandler handler) throws Exception {
    CompletionStage<?> begun =
        Objects.requireNonNull(handler.handle(event), "the handler has returned no stage");
    Cut before;
    synchronized (this) {
      stage = begun;
      before = cut;
    }
    begun.whenComplete(
        (nothing, failure) ->
            end(failure == null ? new Outcome.Succeeded() : Outcome.ofFailure(causeOf(failure))));
    if (before != Cut.NONE) {
      cut(before);
    }
  }

  private static Throwable causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  /**
   * Whether this reason applies to the call. A shard that is away affects only transactional
   * handlers, and only if the call was not cut before. Takes no lock.
   */
  boolean isAffectedBy(Cut reason) {
    return reason != Cut.SHARD_AWAY
        || (cut == Cut.NONE && registration.handler() instanceof TransactionalEventHandler);
  }

  /** Tries to end the call. */
  void cut(Cut reason) {
    CompletionStage<?> begun;
    synchronized (this) {
      if (ended) {
        return;
      }
      cut = reason;
      interrupt();
      begun = stage;
    }
    if (begun != null) {
      cancel(begun);
      end(new Outcome.Failed(new HandlerTimeoutException(registration.policy().timeout())));
    }
  }

  private void cancel(CompletionStage<?> begun) {
    try {
      begun.toCompletableFuture().cancel(true);
    } catch (RuntimeException e) {
      LOG.debug("the stage of {} cannot be cancelled: its work continues", event, e);
    }
  }

  private void interrupt() {
    if (thread != null) {
      thread.interrupt();
    }
    if (connectionCut != null) {
      // A thread that waits for the database does not notice an interrupt.
      connectionCut.run();
    }
  }

  private void end(Outcome outcome) {
    Outcome told;
    synchronized (this) {
      if (ended) {
        return;
      }
      ended = true;
      told = asCut(outcome);
    }
    whenEnded.accept(told);
  }

  /** Returns the outcome of a call that may have been cut. A success counts even then. */
  private Outcome asCut(Outcome outcome) {
    Throwable cause = causeIn(outcome);
    if (cause == null || cut == Cut.NONE) {
      return outcome;
    }
    if (cut == Cut.ABANDONED) {
      return new Outcome.Abandoned();
    }
    if (cut == Cut.SHARD_AWAY) {
      return new Outcome.Inconclusive(
          new RejectedExecutionException(
              "its shard does not answer, and others need its place", cause));
    }
    if (cause instanceof HandlerTimeoutException) {
      return outcome;
    }
    return entered ? timedOut(cause) : notReached(cause);
  }

  private Outcome timedOut(Throwable cause) {
    HandlerTimeoutException timeout = new HandlerTimeoutException(registration.policy().timeout());
    timeout.addSuppressed(cause);
    return new Outcome.Failed(timeout);
  }

  private Outcome notReached(@Nullable Throwable cause) {
    return new Outcome.Inconclusive(
        new RejectedExecutionException(
            "the handler was not reached within %s s, for which its thread, its connection or its row"
                    .formatted(registration.policy().timeout().toMillis() / 1_000.0)
                + " was waited for",
            cause));
  }

  private static @Nullable Throwable causeIn(Outcome outcome) {
    if (outcome instanceof Outcome.Failed failed) {
      return failed.cause();
    }
    if (outcome instanceof Outcome.Doubtful doubtful) {
      return doubtful.cause();
    }
    return outcome instanceof Outcome.Inconclusive inconclusive ? inconclusive.cause() : null;
  }
}
