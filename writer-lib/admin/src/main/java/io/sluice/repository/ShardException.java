package io.sluice.repository;

import io.sluice.outbox.ShardId;
import java.sql.SQLException;
import java.util.Objects;

/**
 * A shard's outbox table could not be read or written. Other shards may have answered; the cause is
 * the driver's exception, and the message says what to do.
 */
public abstract class ShardException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private final ShardId shard;

  /**
   * Of a kind of access.
   *
   * @param what failed, such as {@code reading}
   * @param remedy by this access
   */
  protected ShardException(ShardId shard, String what, SQLException cause, Remedy remedy) {
    super(
        "%s of shard '%s' failed: %s [SQL state %s, error %d]: %s"
            .formatted(
                what,
                shard,
                cause.getMessage(),
                cause.getSQLState(),
                cause.getErrorCode(),
                advice(cause, remedy)),
        cause);
    this.shard = shard;
  }

  private static String advice(SQLException cause, Remedy remedy) {
    return switch (cause.getErrorCode()) {
      case 1146 -> "create the table in this database with OutboxTable.ddl()";
      case 1176 -> "create the index of the shipped table, see OutboxTable.ddl()";
      case 1142, 1143, 1044, 1045 -> "grant the account " + remedy.privileges();
      default -> remedy.otherwise();
    };
  }

  /**
   * What to do about a failure that depends on what was tried.
   *
   * @param privileges what the account needs
   * @param otherwise what to do about any other failure, and what was changed by it
   */
  protected record Remedy(String privileges, String otherwise) {
    public Remedy {
      Objects.requireNonNull(privileges, "privileges");
      Objects.requireNonNull(otherwise, "otherwise");
    }
  }

  /** The shard that failed. */
  public ShardId shard() {
    return shard;
  }
}
