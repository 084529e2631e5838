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
}
