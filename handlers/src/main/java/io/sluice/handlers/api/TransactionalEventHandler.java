package io.sluice.handlers.api;

import java.sql.Connection;

/**
 * Business code for one type of event whose effects are in the shard's database. They and the
 * event's status are one transaction, so the effects are applied exactly once, whenever the worker
 * dies and however often the event is delivered.
 *
 * <p>Otherwise the same applies as to {@link EventHandler}. An exception rolls the effects back and
 * is counted as a failure. A lost connection may be the shard's fault, so it is counted only the
 * fifth time it happens to the event. At the timeout the connection is cut; a statement that runs
 * continues in the database until it ends, and the event waits for it. If the runtime ends or the
 * event's partition moves to another worker, the connection is cut, too; the effects are rolled
 * back and nothing is counted.
 */
@FunctionalInterface
public non-sealed interface TransactionalEventHandler extends Handler {

  /**
   * Handles one event. Returning means success and commits.
   *
   * @param connection to the shard of the event, in a transaction that has locked the event's row.
   *     It refuses to be committed, rolled back except to savepoints, closed or switched to
   *     autocommit, and cannot be used after the return
   * @throws Exception if the event could not be handled; class and message are stored in the row's
   *     {@code last_error}
   */
  void handle(HandledEvent event, Connection connection) throws Exception;
}
