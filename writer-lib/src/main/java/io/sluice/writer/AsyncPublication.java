package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs one asynchronous operation and writes its events in one transaction. An instance is used
 * once.
 */
final class AsyncPublication<T> {

  private final OutboxWriter writer;
  private final AsyncBusinessOperation<T> operation;
  private final Function<? super T, List<OutboxEvent>> events;
  private final Executor executor;

  AsyncPublication(
      OutboxWriter writer,
      AsyncBusinessOperation<T> operation,
      Function<? super T, List<OutboxEvent>> events,
      Executor executor) {
    this.writer = writer;
    this.operation = operation;
    this.events = events;
    this.executor = executor;
  }

  /** Opens the transaction and starts the operation on the executor. */
  CompletableFuture<T> run(Supplier<ShardTransaction> open) {
    CompletableFuture<T> outcome = new CompletableFuture<>();
    execute(outcome, null, () -> begin(open.get(), outcome));
    return outcome;
  }

  private void begin(ShardTransaction transaction, CompletableFuture<T> outcome) {
    try {
      CompletionStage<T> work = operation.start(transaction.connection());
      Objects.requireNonNull(work, "the operation returned no stage");
      var unused =
          work.whenComplete(
              (result, failure) ->
                  execute(outcome, transaction, () -> end(transaction, result, failure, outcome)));
    } catch (Throwable e) {
      // whenComplete of a foreign stage can throw too.
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
      writer.append(transaction.connection(), events.apply(result));
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
   * Rolls back if the executor rejects the step, for example because it is shut down. An executor
   * that silently discards tasks cannot be distinguished from a slow one.
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
      // Catch errors too, because a stage swallows what its callback throws.
      if (open == null) {
        outcome.completeExceptionally(e);
      } else {
        rollBack(open, e, outcome);
      }
    }
  }
}
