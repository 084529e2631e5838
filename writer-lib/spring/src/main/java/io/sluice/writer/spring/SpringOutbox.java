package io.sluice.writer.spring;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.writer.EventInsertException;
import io.sluice.writer.EventTooLargeException;
import io.sluice.writer.OutboxWriter;
import io.sluice.writer.PayloadException;
import io.sluice.writer.TransactionRequiredException;
import java.sql.Connection;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DataSourceUtils;

/**
 * Writes events in Spring's transaction of the current thread, begun by a {@code @Transactional}
 * method or a {@code TransactionTemplate}. They are published if and only if that transaction
 * commits.
 *
 * <pre>{@code
 * @Transactional
 * public void place(Order order) {
 *   orders.insert(order);
 *   outbox.append(OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
 *       .aggregate("order", order.id()).payload(order).build());
 * }
 * }</pre>
 *
 * <p>The transaction must hold a connection of the outbox's {@link DataSource}, so its manager must
 * be a {@code DataSourceTransactionManager}, {@code JdbcTransactionManager} or {@code
 * JpaTransactionManager}; JTA is not supported. {@code docs/spring.md} lists cases in which Spring
 * wrongly reports a transaction as active. This class only inserts: the transaction manager
 * commits, rolls back and closes the connection. Thread-safe.
 */
public final class SpringOutbox {

  private final ShardDataSources shards;
  private final OutboxWriter writer;

  private SpringOutbox(ShardDataSources shards, OutboxWriter writer) {
    this.shards = Objects.requireNonNull(shards, "shards");
    this.writer = Objects.requireNonNull(writer, "writer");
  }

  /** Writes to one database. */
  public static SpringOutbox of(DataSource dataSource, OutboxWriter writer) {
    return of(ShardDataSources.of(Map.of(ShardId.GLOBAL, dataSource)), writer);
  }

  /** Writes to several shards, each with its own transactions. */
  public static SpringOutbox of(ShardDataSources shards, OutboxWriter writer) {
    return new SpringOutbox(shards, writer);
  }

  /** Like {@link #append(List)}. */
  public void append(OutboxEvent... events) {
    append(Arrays.asList(events));
  }

  /**
   * Inserts the events in the current transaction, in this order.
   *
   * @throws IllegalStateException if there are several shards; use {@link #append(ShardId, List)}
   * @throws TransactionRequiredException if no transaction of this data source is active, or it is
   *     read-only
   * @throws PayloadException if a payload cannot be serialised, or is not valid JSON
   * @throws EventTooLargeException if an event exceeds the maximum size
   * @throws IllegalArgumentException if a {@code HeaderSource} adds an invalid header
   * @throws EventInsertException if the database refuses the insert; the transaction must then be
   *     rolled back
   */
  public void append(List<OutboxEvent> events) {
    Set<ShardId> all = shards.shards();
    if (all.size() != 1) {
      throw new IllegalStateException(
          "the outbox has the shards %s: name the one to write to, with append(shard, events)"
              .formatted(all));
    }
    append(all.iterator().next(), events);
  }

  /** Like {@link #append(ShardId, List)}. */
  public void append(ShardId shard, OutboxEvent... events) {
    append(shard, Arrays.asList(events));
  }

  /**
   * Inserts the events in the current transaction of this shard, in this order. Throws the same
   * exceptions as {@link #append(List)}.
   *
   * @throws IllegalArgumentException if the shard is not configured
   */
  public void append(ShardId shard, List<OutboxEvent> events) {
    SpringTransaction transaction = new SpringTransaction(shard, shards.get(shard));
    transaction.require();
    Connection connection = DataSourceUtils.getConnection(transaction.dataSource());
    try {
      writer.append(connection, events);
    } catch (TransactionRequiredException inAutocommitMode) {
      // Other code has bound this connection to the thread without a transaction manager.
      throw transaction.ofAnotherDataSource();
    } finally {
      DataSourceUtils.releaseConnection(connection, transaction.dataSource());
    }
  }
}
