package io.sluice.writer;

import org.jspecify.annotations.Nullable;

/**
 * An event was not written, or it is unknown whether it was written. Its transaction must be rolled
 * back. The message says what failed, why, and what to do.
 */
public abstract sealed class OutboxWriterException extends RuntimeException
    permits TransactionRequiredException,
        PayloadException,
        EventTooLargeException,
        EventInsertException,
        TransactionException {

  private static final long serialVersionUID = 1;

  OutboxWriterException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }

  /**
   * Whether the same transaction, started again on a new connection, can succeed.
   *
   * @return true if nothing was written and the cause is temporary: a deadlock, a lock wait
   *     timeout, a cancelled statement, a connection that was lost or not available, or a server
   *     that is read-only since a failover. False for everything else, such as refused data, a
   *     missing table, or no transaction. Also false for a commit that was not confirmed: see
   *     {@link TransactionException#isOutcomeUnknown}
   */
  public boolean isTransient() {
    return false;
  }
}
