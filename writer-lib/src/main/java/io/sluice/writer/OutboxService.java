package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;

/**
 * Runs business work and writes its events in one transaction that this class opens and ends, for
 * services without a transaction framework. Thread-safe.
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
 * <p>{@code runInTransaction} is for work that returns nothing, {@code publishInTransaction} for
 * work that does; their names differ because Java could not tell which of the two a lambda such as
 * {@code connection -> orders.insert(connection, order)} is for.
 */
public final class OutboxService {

  private final ShardDataSources shards;
  private final OutboxWriter writer;

  /**
   * @param shards each call borrows one connection of its shard's data source, and gives it back
   * @param writer makes the rows; may be shared
   */
  public OutboxService(ShardDataSources shards, OutboxWriter writer) {
    this.shards = Objects.requireNonNull(shards, "shards");
    this.writer = Objects.requireNonNull(writer, "writer");
  }

  /**
   * Writes events that tell of no other change, in this order, in a transaction of their own.
   *
   * @throws IllegalArgumentException if the shard is not configured
   * @throws TransactionException if no transaction could be opened, or a commit was not confirmed
   * @throws OutboxWriterException if the events could not be written; nothing was written
   */
  public void publish(ShardId shard, List<OutboxEvent> events) {
    runInTransaction(shard, List.copyOf(events), connection -> {});
  }

  /** Like {@link #publish(ShardId, List)}. */
  public void publish(ShardId shard, OutboxEvent... events) {
    publish(shard, List.of(events));
  }

  /**
   * Runs the action, appends the event, commits: {@link #publishInTransaction(ShardId, OutboxEvent,
   * BusinessOperation)} for work that returns nothing. What a lambda's expression gives is left.
   *
   * @throws E what the action threw; nothing was written
   * @throws IllegalArgumentException if the shard is not configured
   * @throws TransactionException if no transaction could be opened, or a commit was not confirmed
   * @throws OutboxWriterException if the event could not be written; nothing was written
   */
  public <E extends Exception> void runInTransaction(
      ShardId shard, OutboxEvent event, BusinessAction<E> action) throws E {
    runInTransaction(shard, List.of(event), action);
  }

  /** Like {@link #runInTransaction(ShardId, OutboxEvent, BusinessAction)}, with several events. */
  public <E extends Exception> void runInTransaction(
      ShardId shard, List<OutboxEvent> events, BusinessAction<E> action) throws E {
    publishInTransaction(
        shard,
        events,
        connection -> {
          action.run(connection);
          return events;
        });
  }

  /**
   * Runs the operation, appends the event, commits. Whatever fails rolls both back and reaches the
   * caller; the connection's autocommit setting is restored before it is returned.
   *
   * @return what the operation returned
   * @throws E what the operation threw; nothing was written
   * @throws IllegalArgumentException if the shard is not configured
   * @throws TransactionException if no transaction could be opened, or a commit was not confirmed
   * @throws OutboxWriterException if the event could not be written; nothing was written
   */
  public <T, E extends Exception> T publishInTransaction(
      ShardId shard, OutboxEvent event, BusinessOperation<T, E> operation) throws E {
    return publishInTransaction(shard, List.of(event), operation);
  }

  /** Like {@link #publishInTransaction(ShardId, OutboxEvent, BusinessOperation)}, with several. */
  public <T, E extends Exception> T publishInTransaction(
      ShardId shard, List<OutboxEvent> events, BusinessOperation<T, E> operation) throws E {
    List<OutboxEvent> all = List.copyOf(events);
    return publishInTransaction(shard, operation, result -> all);
  }

  /**
   * Like {@link #publishInTransaction(ShardId, OutboxEvent, BusinessOperation)}, with events made
   * of what the operation returned.
   */
  public <T, E extends Exception> T publishInTransaction(
      ShardId shard, BusinessOperation<T, E> operation, EventsOfResult<? super T> events) throws E {
    try (ShardTransaction transaction = ShardTransaction.open(shard, shards.get(shard))) {
      T result = operation.run(transaction.connection());
      writer.append(transaction.connection(), events.of(result));
      transaction.commit();
      return result;
    }
  }

  /**
   * Runs an operation that ends later, then appends its events and commits. Opening, the begin of
   * the operation, and what follows its end run on the executor, for they block on the database;
   * between them no thread waits, but the connection is held. Nothing is thrown: whatever fails
   * rolls operation and events back, and is what the stage completes with.
   *
   * @param executor with threads that may block. It may refuse what it is given, but not discard
   *     it: the transaction would stay open, and the stage would never complete
   * @return completes with the operation's result once the commit is confirmed; exceptionally with
   *     the causes that {@link #publishInTransaction(ShardId, OutboxEvent, BusinessOperation)}
   *     throws. To cancel it does not end the operation
   */
  public <T> CompletionStage<T> publishAsync(
      ShardId shard,
      AsyncBusinessOperation<T> operation,
      EventsOfResult<? super T> events,
      Executor executor) {
    return new AsyncPublication<>(writer, operation, events, executor)
        .run(() -> ShardTransaction.open(shard, shards.get(shard)));
  }

  /** The same with an event that is known before. */
  public <T> CompletionStage<T> publishAsync(
      ShardId shard, OutboxEvent event, AsyncBusinessOperation<T> operation, Executor executor) {
    return publishAsync(shard, List.of(event), operation, executor);
  }

  /** The same with several. */
  public <T> CompletionStage<T> publishAsync(
      ShardId shard,
      List<OutboxEvent> events,
      AsyncBusinessOperation<T> operation,
      Executor executor) {
    List<OutboxEvent> all = List.copyOf(events);
    return publishAsync(shard, operation, result -> all, executor);
  }
}
