package io.sluice.handlers.api;

import java.sql.Connection;

/**
 * Business code for one type of event whose effects are in the shard's database. The effects and
 * the change of the event's status are one transaction. The effects are therefore applied exactly
 * once, even if the worker crashes or the event is delivered repeatedly.
 *
 * <p>Otherwise the same applies as to {@link EventHandler}. An exception rolls the effects back and
 * is counted as a failure. A lost connection may be the shard's fault, so it is counted only the
 * fifth time it happens to the event. At the timeout, the connection is aborted. A running
 * statement continues in the database until it ends, and the event waits for it. If the runtime
 * stops or the event's partition moves to another worker, the connection is also aborted. The
 * effects are rolled back, and no failure is counted.
 */
@FunctionalInterface
public non-sealed interface TransactionalEventHandler extends Handler {

  /**
   * Handles one event. Returning means success and commits.
   *
   * @param connection a connection to the event's shard, in a transaction that has locked the
   *     event's row. It rejects commit, close, auto-commit and any rollback except to savepoints,
   *     and cannot be used after the return
   * @throws Exception if the event could not be handled; its class and message are stored in the
   *     row's {@code last_error}
   */
  void handle(HandledEvent event, Connection connection) throws Exception;
}
