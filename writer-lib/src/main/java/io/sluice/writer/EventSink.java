package io.sluice.writer;

import java.sql.Connection;
import java.util.List;

/**
 * Where a writer's events go: into the outbox table, or in a test into memory. Implementations are
 * thread-safe, and guests on the connection as the writer is.
 */
@FunctionalInterface
public interface EventSink {

  /**
   * Takes events, in this order, as part of the connection's transaction.
   *
   * @param rows at least one
   * @throws OutboxWriterException if they are not taken; the transaction must then be rolled back
   */
  void insert(Connection connection, List<EventRow> rows);
}
