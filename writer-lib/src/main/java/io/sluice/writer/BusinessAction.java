package io.sluice.writer;

import java.sql.Connection;

/**
 * Business work without a result that shares a transaction with events.
 *
 * @param <E> checked exception that the work may throw
 */
@FunctionalInterface
public interface BusinessAction<E extends Exception> {

  /**
   * Does the work on this connection. The work must not commit, roll back or close the connection.
   *
   * @throws E to roll back work and events; the caller receives the same exception
   */
  void run(Connection connection) throws E;
}
