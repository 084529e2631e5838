package io.sluice.writer;

import java.sql.Connection;

/**
 * Business work that shares a transaction with an event, and has nothing to return.
 *
 * @param <E> what it may throw, beside unchecked exceptions
 */
@FunctionalInterface
public interface BusinessAction<E extends Exception> {

  /**
   * Does the work on this connection, which must be neither committed, rolled back nor closed.
   *
   * @throws E to roll back work and event; the caller receives it as it is
   */
  void run(Connection connection) throws E;
}
