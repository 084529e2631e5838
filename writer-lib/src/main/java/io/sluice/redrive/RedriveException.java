package io.sluice.redrive;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/** A shard's failed events could not be read, redriven or discarded. The driver's is the cause. */
public final class RedriveException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ShardId shard;

  RedriveException(ShardId shard, String what, SQLException cause) {
    super(
        "%s of shard '%s' failed: %s [SQL state %s, error %d]: %s"
            .formatted(
                what,
                shard,
                cause.getMessage(),
                cause.getSQLState(),
                cause.getErrorCode(),
                advice(cause)),
        cause);
    this.shard = shard;
  }

  private static String advice(SQLException cause) {
    return switch (cause.getErrorCode()) {
      case 1146 -> "create the table in this database with OutboxTable.ddl()";
      case 1176 -> "create the index of the shipped table, see OutboxTable.ddl()";
      case 1142, 1143, 1044, 1045 ->
          "grant the account SELECT, INSERT and DELETE on the whole table";
      default ->
          "do it again once the database answers; it takes what is FAILED still, so nothing is"
              + " done twice";
    };
  }

  /** The shard that failed; others may have been done. */
  public ShardId shard() {
    return shard;
  }
}
