package io.sluice.writer;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/** A transaction could not be opened or rolled back, or its commit was not confirmed. */
public final class TransactionException extends OutboxWriterException {

  private static final long serialVersionUID = 1;

  private final ShardId shard;
  private final boolean outcomeUnknown;
  private final boolean passes;

  private TransactionException(
      ShardId shard, boolean outcomeUnknown, String message, SQLException cause) {
    super(message, cause);
    this.shard = shard;
    this.outcomeUnknown = outcomeUnknown;
    this.passes = !outcomeUnknown && TransientFailure.is(cause);
  }

  static TransactionException notOpened(ShardId shard, SQLException cause) {
    return new TransactionException(
        shard,
        false,
        "no transaction could be opened on shard '%s': %s: nothing was written; %s"
            .formatted(
                shard,
                cause.getMessage(),
                TransientFailure.is(cause)
                    ? "try again once the database answers"
                    : "put this right before you try again"),
        cause);
  }

  static TransactionException notConfirmed(ShardId shard, SQLException cause) {
    return new TransactionException(
        shard,
        true,
        "the commit on shard '%s' was not confirmed: %s: data and event are both stored or neither"
                .formatted(shard, cause.getMessage())
            + " is; look for your data before you try again",
        cause);
  }

  static TransactionException notRolledBack(ShardId shard, SQLException cause) {
    return new TransactionException(
        shard,
        false,
        "the rollback on shard '%s' failed: %s: the server rolls back once it sees the connection gone"
            .formatted(shard, cause.getMessage()),
        cause);
  }

  /** The shard of the transaction. */
  public ShardId shard() {
    return shard;
  }

  /** Whether the transaction may have been committed all the same. */
  public boolean isOutcomeUnknown() {
    return outcomeUnknown;
  }

  /**
   * Whether the same transaction can succeed when it is tried again. Never where {@link
   * #isOutcomeUnknown}: it may have succeeded already, so look for your data first.
   */
  @Override
  public boolean isTransient() {
    return passes;
  }
}
