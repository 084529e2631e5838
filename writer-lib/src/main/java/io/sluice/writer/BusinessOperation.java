package io.sluice.writer;

import java.sql.Connection;

/**
 * Business work with a result that shares a transaction with events.
 *
 * @param <T> type of the result
 * @param <E> checked exception that the work may throw
 */
@FunctionalInterface
public interface BusinessOperation<T, E extends Exception> {

  /**
   * Does the work on this connection. The work must not commit, roll back or close the connection.
   *
   * @return the result
   * @throws E to roll back work and events; the caller receives the same exception
   */
  T run(Connection connection) throws E;
}
