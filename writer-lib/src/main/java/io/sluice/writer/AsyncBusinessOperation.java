package io.sluice.writer;

import java.sql.Connection;
import java.util.concurrent.CompletionStage;

/**
 * Business work that shares a transaction with events and completes asynchronously.
 *
 * @param <T> type of the result
 */
@FunctionalInterface
public interface AsyncBusinessOperation<T> {

  /**
   * Starts the work on this connection. The work must not commit, roll back or close the
   * connection, nor use it after the stage is complete.
   *
   * @return completes with the result, or exceptionally to roll back work and events
   * @throws Exception to roll back as well
   */
  CompletionStage<T> start(Connection connection) throws Exception;
}
