package io.sluice.writer;

import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * One transaction on a connection of its own; closing it without a commit rolls it back. Used by
 * one thread.
 */
final class ShardTransaction implements AutoCloseable {

  private final ShardId shard;
  private final Connection connection;
  private final boolean autoCommitBefore;
  private boolean committed;

  private ShardTransaction(ShardId shard, Connection connection, boolean autoCommitBefore) {
    this.shard = shard;
    this.connection = connection;
    this.autoCommitBefore = autoCommitBefore;
  }

  static ShardTransaction open(ShardId shard, DataSource dataSource) {
    try {
      return begin(shard, dataSource.getConnection());
    } catch (SQLException e) {
      throw TransactionException.notOpened(shard, e);
    }
  }

  private static ShardTransaction begin(ShardId shard, Connection connection) throws SQLException {
    try {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      return new ShardTransaction(shard, connection, autoCommit);
    } catch (SQLException e) {
      try (connection) {
        throw e;
      }
    }
  }

  Connection connection() {
    return connection;
  }

  void commit() {
    try {
      connection.commit();
      committed = true;
    } catch (SQLException e) {
      throw TransactionException.notConfirmed(shard, e);
    }
  }

  /**
   * Rolls back unless committed. A failure to do so joins the one that led here as suppressed; the
   * server rolls back whatever loses its connection. After a commit the caller has what it asked
   * for, so a connection that cannot be given back cleanly is the pool's affair alone.
   */
  @Override
  public void close() {
    try (connection) {
      if (!committed) {
        connection.rollback();
      }
      connection.setAutoCommit(autoCommitBefore);
    } catch (SQLException e) {
      if (!committed) {
        throw TransactionException.notRolledBack(shard, e);
      }
    }
  }
}
