package io.sluice.writer;

import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One operation that ends later, and its events, in one transaction. Used once. */
final class AsyncPublication<T> {

  private final OutboxWriter writer;
  private final AsyncBusinessOperation<T> operation;
  private final EventsOfResult<? super T> events;
  private final Executor executor;

  AsyncPublication(
      OutboxWriter writer,
      AsyncBusinessOperation<T> operation,
      EventsOfResult<? super T> events,
      Executor executor) {
    this.writer = writer;
    this.operation = operation;
    this.events = events;
    this.executor = executor;
  }

  /** Runs it in the transaction that this opens. */
  CompletableFuture<T> run(Supplier<ShardTransaction> opening) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    execute(outcome, null, () -> begin(opening.get(), outcome));
    return outcome;
  }

  private void begin(ShardTransaction transaction, CompletableFuture<T> outcome) {
    try {
      CompletionStage<T> work = operation.start(transaction.connection());
      Objects.requireNonNull(work, "the operation has returned no stage");
      var unused =
          work.whenComplete(
              (result, failure) ->
                  execute(outcome, transaction, () -> end(transaction, result, failure, outcome)));
    } catch (Throwable e) {
      // Other people's stages can fail to be asked as well.
      rollBack(transaction, e, outcome);
    }
  }

  private void end(
      ShardTransaction transaction,
      T result,
      @Nullable Throwable failure,
      CompletableFuture<T> outcome) {
    if (failure != null) {
      rollBack(transaction, causeOf(failure), outcome);
      return;
    }
    try (transaction) {
      writer.append(transaction.connection(), events.of(result));
      transaction.commit();
    } catch (Throwable e) {
      outcome.completeExceptionally(e);
      return;
    }
    outcome.complete(result);
  }

  private static Throwable causeOf(Throwable failure) {
    Throwable cause = failure.getCause();
    return failure instanceof CompletionException && cause != null ? cause : failure;
  }

  private void rollBack(
      ShardTransaction transaction, Throwable cause, CompletableFuture<T> outcome) {
    try {
      transaction.close();
    } catch (RuntimeException | Error e) {
      cause.addSuppressed(e);
    }
    outcome.completeExceptionally(cause);
  }

  /**
   * An executor that refuses, as one that was shut down or that no thread can be had for, must not
   * leave a transaction open. One that discards what it is given cannot be told from a slow one.
   */
  private void execute(
      CompletableFuture<T> outcome, @Nullable ShardTransaction open, Runnable step) {
    try {
      executor.execute(
          () -> {
            try {
              step.run();
            } catch (Throwable e) {
              outcome.completeExceptionally(e);
            }
          });
    } catch (Throwable e) {
      // A stage that calls this back would swallow an error.
      if (open == null) {
        outcome.completeExceptionally(e);
      } else {
        rollBack(open, e, outcome);
      }
    }
  }
}
