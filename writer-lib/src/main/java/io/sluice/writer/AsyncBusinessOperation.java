package io.sluice.writer;

import java.sql.Connection;
import java.util.concurrent.CompletionStage;

/**
 * Business work that shares a transaction with events and ends later than its call.
 *
 * @param <T> what it results in
 */
@FunctionalInterface
public interface AsyncBusinessOperation<T> {

  /**
   * Begins the work on this connection, which must be neither committed, rolled back nor closed,
   * and is used by nobody once the stage is complete.
   *
   * @return completes with the result, or exceptionally to roll back work and events
   * @throws Exception to roll back as well
   */
  CompletionStage<T> start(Connection connection) throws Exception;
}
