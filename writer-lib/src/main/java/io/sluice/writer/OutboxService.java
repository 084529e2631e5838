package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;

/**
 * Runs business work and writes its events in one transaction, which this class begins and ends.
 * For services without a transaction framework. Thread-safe.
 *
 * <pre>{@code
 * outbox.runInTransaction(
 *     ShardId.of("shard-1"), orderCreated, connection -> orders.insert(connection, order));
 *
 * long id =
 *     outbox.publishInTransaction(
 *         ShardId.of("shard-1"),
 *         connection -> orders.insertAndGetId(connection, order),
 *         newId -> List.of(orderCreated(newId)));
 * }</pre>
 *
 * <p>{@code runInTransaction} is for work without a result, {@code publishInTransaction} for work
 * with one. The names differ because a lambda such as {@code connection ->
 * orders.insert(connection, order)} would be ambiguous.
 */
public final class OutboxService {

  private final ShardDataSources shards;
  private final OutboxWriter writer;

  /**
   * Creates a service for these shards.
   *
   * @param shards each call borrows one connection of its shard's data source
   * @param writer writes the events; may be shared
   */
  public OutboxService(ShardDataSources shards, OutboxWriter writer) {
    this.shards = Objects.requireNonNull(shards, "shards");
    this.writer = Objects.requireNonNull(writer, "writer");
  }

  /**
   * Writes events in this order, in a transaction without business work.
   *
   * @throws IllegalArgumentException if the shard is not configured
   * @throws TransactionException if no transaction could be started, or the commit was not
   *     confirmed
   * @throws OutboxWriterException if the events could not be written; nothing was written
   */
  public void publish(ShardId shard, List<OutboxEvent> events) {
    runInTransaction(shard, events, connection -> {});
  }

  /** Like {@link #publish(ShardId, List)}. */
  public void publish(ShardId shard, OutboxEvent... events) {
    publish(shard, Arrays.asList(events));
  }

  /**
   * Runs the action, appends the event and commits, like {@link #publishInTransaction(ShardId,
   * OutboxEvent, BusinessOperation)}. The value of a lambda expression is ignored.
   *
   * @throws E if the action throws it; nothing was written
   * @throws IllegalArgumentException if the shard is not configured
   * @throws TransactionException if no transaction could be started, or the commit was not
   *     confirmed
   * @throws OutboxWriterException if the event could not be written; nothing was written
   */
  public <E extends Exception> void runInTransaction(
      ShardId shard, OutboxEvent event, BusinessAction<E> action) throws E {
    runInTransaction(shard, Collections.singletonList(event), action);
  }

  /** Like {@link #runInTransaction(ShardId, OutboxEvent, BusinessAction)}, with several events. */
  public <E extends Exception> void runInTransaction(
      ShardId shard, List<OutboxEvent> events, BusinessAction<E> action) throws E {
    publishInTransaction(
        shard,
        events,
        connection -> {
          action.run(connection);
          return true;
        });
  }

  /**
   * Runs the operation, appends the event and commits. A failure rolls both back and is thrown to
   * the caller. The connection's autocommit setting is restored before it is returned.
   *
   * @return the result of the operation
   * @throws E if the operation throws it; nothing was written
   * @throws IllegalArgumentException if the shard is not configured
   * @throws TransactionException if no transaction could be started, or the commit was not
   *     confirmed
   * @throws OutboxWriterException if the event could not be written; nothing was written
   */
  public <T, E extends Exception> T publishInTransaction(
      ShardId shard, OutboxEvent event, BusinessOperation<T, E> operation) throws E {
    return publishInTransaction(shard, Collections.singletonList(event), operation);
  }

  /**
   * Like {@link #publishInTransaction(ShardId, OutboxEvent, BusinessOperation)}, with several
   * events.
   */
  public <T, E extends Exception> T publishInTransaction(
      ShardId shard, List<OutboxEvent> events, BusinessOperation<T, E> operation) throws E {
    List<OutboxEvent> all = OutboxWriter.copy("publishInTransaction(shard, events, …)", events);
    return publishInTransaction(shard, operation, result -> all);
  }

  /**
   * Like {@link #publishInTransaction(ShardId, OutboxEvent, BusinessOperation)}, with events that
   * depend on the result of the operation.
   *
   * @param events returns the events in their order; empty if there are none
   */
  public <T, E extends Exception> T publishInTransaction(
      ShardId shard,
      BusinessOperation<T, E> operation,
      Function<? super T, List<OutboxEvent>> events)
      throws E {
    try (ShardTransaction transaction = ShardTransaction.open(shard, shards.get(shard))) {
      T result = operation.run(transaction.connection());
      writer.append(transaction.connection(), events.apply(result));
      transaction.commit();
      return result;
    }
  }

  /**
   * Runs an asynchronous operation, then appends its events and commits. Steps that block on the
   * database run on the executor: the start of the transaction and of the operation, and everything
   * after its completion. In between no thread waits, but the connection stays borrowed. This
   * method throws nothing: a failure rolls operation and events back and completes the stage
   * exceptionally.
   *
   * @param events returns the events in their order; empty if there are none
   * @param executor with threads that may block. It may reject tasks, but must not discard them:
   *     the transaction would stay open, and the stage would never complete
   * @return completes with the result of the operation once the commit is confirmed, or
   *     exceptionally with what {@link #publishInTransaction(ShardId, OutboxEvent,
   *     BusinessOperation)} throws. Cancelling it does not end the operation
   */
  public <T> CompletionStage<T> publishAsync(
      ShardId shard,
      AsyncBusinessOperation<T> operation,
      Function<? super T, List<OutboxEvent>> events,
      Executor executor) {
    return new AsyncPublication<>(writer, operation, events, executor)
        .run(() -> ShardTransaction.open(shard, shards.get(shard)));
  }

  /** Like {@link #publishAsync(ShardId, AsyncBusinessOperation, Function, Executor)}. */
  public <T> CompletionStage<T> publishAsync(
      ShardId shard, OutboxEvent event, AsyncBusinessOperation<T> operation, Executor executor) {
    return publishAsync(shard, Collections.singletonList(event), operation, executor);
  }

  /** Like {@link #publishAsync(ShardId, AsyncBusinessOperation, Function, Executor)}. */
  public <T> CompletionStage<T> publishAsync(
      ShardId shard,
      List<OutboxEvent> events,
      AsyncBusinessOperation<T> operation,
      Executor executor) {
    List<OutboxEvent> all = OutboxWriter.copy("publishAsync(shard, events, …)", events);
    return publishAsync(shard, operation, result -> all, executor);
  }
}
