package io.sluice.handlers.api;

import java.sql.Connection;

/**
 * Business code for one type of event whose effects are in the shard's own database. They and the
 * event's status are one transaction: the effects are applied exactly once, whenever the worker
 * dies, however often the event is delivered.
 *
 * <p>All else is as for {@link EventHandler}. What it throws rolls its effects back and is counted
 * as a failure, except where the connection itself was lost, which may be the shard's fault: that
 * is counted only when the event has met with it five times. At the end of its time limit the
 * connection is cut; a statement under way then goes on in the database until it ends by itself,
 * and the event waits for it. It is cut as well where an {@link EventHandler} is interrupted
 * because the runtime ends or the event's partition goes to another worker; that rolls back and is
 * not counted.
 */
@FunctionalInterface
public non-sealed interface TransactionalEventHandler extends Handler {

  /**
   * Handles one event; to return is success, and commits.
   *
   * @param connection to the shard of the event, with a transaction open in which the event's row
   *     is locked; a guest's, so it refuses to be committed, rolled back (but to savepoints),
   *     closed or switched to autocommit. Not to be used after the return
   * @throws Exception why the event could not be handled; class and message are stored in the row's
   *     {@code last_error}
   */
  void handle(HandledEvent event, Connection connection) throws Exception;
}
