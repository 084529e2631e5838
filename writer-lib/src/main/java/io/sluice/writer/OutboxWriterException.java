package io.sluice.writer;

import org.jspecify.annotations.Nullable;

/**
 * An event was not written, or it is unknown whether it was. The transaction it belongs to must be
 * rolled back; the message says what failed, why, and what to do.
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
   * Whether the same transaction, begun again from its first statement on a new connection, can
   * succeed without anybody changing anything. True where nothing was written and the database says
   * that it passes: a deadlock, a lock not had in time, a statement that was cancelled, a
   * connection lost or not to be had, a server that is read-only since a failover.
   *
   * <p>False for everything else, such as data that the table does not take, a table that is
   * missing, or no transaction at all: trying again fails in the same way. False as well for a
   * commit that was not confirmed, which is neither: see {@link
   * TransactionException#isOutcomeUnknown}.
   */
  public boolean isTransient() {
    return false;
  }
}
