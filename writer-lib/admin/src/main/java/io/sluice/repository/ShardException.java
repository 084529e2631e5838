package io.sluice.repository;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardId;
import java.sql.SQLException;

/**
 * The outbox table of a shard could not be read or written. Other shards may have answered. The
 * cause is the driver's exception; the message says what to do.
 */
public abstract class ShardException extends RuntimeException {

  private static final long serialVersionUID = 1;

  private static final int ER_DBACCESS_DENIED = 1044;
  private static final int ER_ACCESS_DENIED = 1045;
  private static final int ER_TABLEACCESS_DENIED = 1142;
  private static final int ER_COLUMNACCESS_DENIED = 1143;
  private static final int ER_BAD_FIELD_ERROR = 1054;
  private static final int ER_NO_SUCH_TABLE = 1146;
  private static final int ER_KEY_DOES_NOT_EXIST = 1176;

  private final ShardId shard;

  /**
   * Makes the message.
   *
   * @param what the operation that failed, such as {@code reading}
   * @param privileges the privileges that the operation needs
   * @param otherwise what to do about a failure without a specific remedy
   */
  protected ShardException(
      ShardId shard, String what, SQLException cause, String privileges, String otherwise) {
    super(
        "%s of shard '%s' failed: %s [SQL state %s, error %d]: %s"
            .formatted(
                what,
                shard,
                cause.getMessage(),
                cause.getSQLState(),
                cause.getErrorCode(),
                remedy(cause, privileges, otherwise)),
        cause);
    this.shard = shard;
  }

  private static String remedy(SQLException cause, String privileges, String otherwise) {
    return switch (cause.getErrorCode()) {
      case ER_NO_SUCH_TABLE ->
          "create the table in this database with OutboxTable.ddl() or 'sluice-relay ddl'";
      case ER_BAD_FIELD_ERROR ->
          "add the missing column as in OutboxTable.ddl() or 'sluice-relay ddl'";
      case ER_KEY_DOES_NOT_EXIST ->
          "create the index of the shipped table: CREATE INDEX %s ON %s (status, published_at)"
              .formatted(OutboxTable.STATUS_INDEX, OutboxTable.NAME);
      case ER_TABLEACCESS_DENIED, ER_COLUMNACCESS_DENIED, ER_DBACCESS_DENIED, ER_ACCESS_DENIED ->
          "grant the account " + privileges;
      default -> otherwise;
    };
  }

  /** The shard that failed. */
  public ShardId shard() {
    return shard;
  }
}
