package io.sluice.writer;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;

/**
 * Runs business work and writes its event in one transaction that this class opens and ends, for
 * services without a transaction framework. Thread-safe.
 *
 * <pre>{@code
 * outbox.publishInTransaction(ShardId.of("shard-1"), orderCreated, connection -> {
 *   orders.insert(connection, order);
 *   return order.id();
 * });
 * }</pre>
 */
public final class OutboxService {

  private final ShardDataSources shards;
  private final OutboxWriter writer;

  public OutboxService(ShardDataSources shards, OutboxWriter writer) {
    this.shards = shards;
    this.writer = writer;
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
    try (ShardTransaction transaction = ShardTransaction.open(shard, shards.get(shard))) {
      T result = operation.run(transaction.connection());
      writer.append(transaction.connection(), event);
      transaction.commit();
      return result;
    }
  }
}
