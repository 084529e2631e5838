package io.sluice.writer;

/** The connection is in autocommit mode: event and business data would not be one transaction. */
public final class TransactionRequiredException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  TransactionRequiredException() {
    super(
        "the connection is in autocommit mode, so the event would be committed apart from your"
            + " data: open a transaction first, with connection.setAutoCommit(false), your"
            + " framework's transaction (such as @Transactional), or"
            + " OutboxService.publishInTransaction",
        null);
  }
}
