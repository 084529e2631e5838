package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/** A shard's outbox table could not be read or written. The cause is the driver's exception. */
public final class RepositoryException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ShardId shard;

  RepositoryException(ShardId shard, String what, SQLException cause) {
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
      case 1142, 1143, 1044, 1045 -> "grant the account SELECT, UPDATE and DELETE on the table";
      default -> "nothing was changed by what failed; try again once the database answers";
    };
  }

  /** The shard that could not be asked. */
  public ShardId shard() {
    return shard;
  }
}
