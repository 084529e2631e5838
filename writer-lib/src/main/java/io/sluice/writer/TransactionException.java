package io.sluice.writer;

import io.sluice.outbox.MySqlErrors;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/** A transaction could not be started or rolled back, or its commit was not confirmed. */
public final class TransactionException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  private final ShardId shard;
  private final boolean outcomeUnknown;
  private final boolean isTransient;

  private TransactionException(
      ShardId shard, boolean outcomeUnknown, String message, SQLException cause) {
    super(message, cause);
    this.shard = shard;
    this.outcomeUnknown = outcomeUnknown;
    this.isTransient = !outcomeUnknown && MySqlErrors.isTransient(cause);
  }

  static TransactionException notOpened(ShardId shard, SQLException cause) {
    return new TransactionException(
        shard,
        false,
        "no transaction could be started on shard '%s': %s: nothing was written; %s"
            .formatted(
                shard,
                cause.getMessage(),
                MySqlErrors.isTransient(cause)
                    ? "try again once the database answers"
                    : "correct this before you try again"),
        cause);
  }

  static TransactionException notConfirmed(ShardId shard, SQLException cause) {
    return new TransactionException(
        shard,
        true,
        "the commit on shard '%s' was not confirmed: %s: either data and event are both stored or"
                .formatted(shard, cause.getMessage())
            + " neither is; look for your data before you try again",
        cause);
  }

  static TransactionException notRolledBack(ShardId shard, SQLException cause) {
    return new TransactionException(
        shard,
        false,
        "the rollback on shard '%s' failed: %s: the server rolls back when it notices the lost connection"
            .formatted(shard, cause.getMessage()),
        cause);
  }

  /** The shard of the transaction. */
  public ShardId shard() {
    return shard;
  }

  /** Whether the transaction may have been committed. */
  public boolean isOutcomeUnknown() {
    return outcomeUnknown;
  }

  /**
   * Whether a retry of the same transaction can succeed.
   *
   * @return false if {@link #isOutcomeUnknown}, because the transaction may already have succeeded
   */
  @Override
  public boolean isTransient() {
    return isTransient;
  }
}
