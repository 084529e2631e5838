package io.sluice.writer;

import java.sql.Connection;
import java.util.List;

/**
 * Stores the events of a writer: in the outbox table, or in memory for tests. Implementations are
 * thread-safe and, like the writer, never end the connection's transaction or change its settings.
 */
@FunctionalInterface
public interface EventSink {

  /**
   * Stores events in this order, as part of the connection's transaction.
   *
   * @param rows at least one
   * @throws OutboxWriterException if the events are not stored; the transaction must then be rolled
   *     back
   */
  void insert(Connection connection, List<EventRow> rows);
}
