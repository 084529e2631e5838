package io.sluice.writer;

import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * One transaction on a borrowed connection; closing it without a commit rolls it back. Used by one
 * thread at a time.
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
    } catch (SQLException | RuntimeException | Error e) {
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
   * Rolls back unless committed, and returns the connection. A connection that cannot be rolled
   * back or restored is aborted, so that the server rolls back and the pool replaces it. Only a
   * failed rollback is reported, because other failures do not change the outcome of the
   * transaction.
   */
  @Override
  public void close() {
    try {
      if (!committed) {
        rollBack();
      }
    } finally {
      returnConnection();
    }
  }

  private void rollBack() {
    try {
      connection.rollback();
    } catch (SQLException | RuntimeException e) {
      abort(e);
      SQLException refused = e instanceof SQLException sql ? sql : new SQLException(e);
      throw TransactionException.notRolledBack(shard, refused);
    }
  }

  private void returnConnection() {
    try (connection) {
      restore();
    } catch (SQLException | RuntimeException e) {
      abort(e);
    }
  }

  private void restore() {
    try {
      connection.setAutoCommit(autoCommitBefore);
    } catch (SQLException | RuntimeException e) {
      abort(e);
    }
  }

  private void abort(Exception cause) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException e) {
      cause.addSuppressed(e);
    }
  }
}
