package io.sluice.writer;

/** There is no transaction that event and business data would be in together. */
public final class TransactionRequiredException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  /** For a framework's adapter, which knows more of its transactions than their connection does. */
  public TransactionRequiredException(String message) {
    super(message, null);
  }

  static TransactionRequiredException inAutocommitMode() {
    return new TransactionRequiredException(
        "the connection is in autocommit mode, so the event would be committed apart from your"
            + " data: open a transaction first, with connection.setAutoCommit(false), your"
            + " framework's transaction (such as @Transactional), or"
            + " OutboxService.publishInTransaction");
  }
}
