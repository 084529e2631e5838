package io.sluice.writer;

import java.sql.Connection;

/**
 * Business work that shares a transaction with an event.
 *
 * @param <T> what it returns
 * @param <E> what it may throw, beside unchecked exceptions
 */
@FunctionalInterface
public interface BusinessOperation<T, E extends Exception> {

  /**
   * Does the work on this connection, which must be neither committed, rolled back nor closed.
   *
   * @throws E to roll back work and event; the caller receives it as it is
   */
  T run(Connection connection) throws E;
}
