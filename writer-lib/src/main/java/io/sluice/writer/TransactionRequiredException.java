package io.sluice.writer;

/** There is no transaction that could contain both the event and the business data. */
public final class TransactionRequiredException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  /**
   * Used by adapters of frameworks, which know more about their transactions than the connection
   * does.
   */
  public TransactionRequiredException(String message) {
    super(message, null);
  }

  static TransactionRequiredException inAutocommitMode() {
    return new TransactionRequiredException(
        "the connection is in autocommit mode, so the event would be committed apart from your"
            + " data: open a transaction first, with connection.setAutoCommit(false), your"
            + " framework's transaction (such as @Transactional), or"
            + " OutboxService.publishInTransaction; the driver does not know of a transaction that"
            + " was begun with SQL");
  }
}
