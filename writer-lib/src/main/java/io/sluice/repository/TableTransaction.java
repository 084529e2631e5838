package io.sluice.repository;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** Runs work in a transaction on a connection of its own, and leaves that as it was. */
final class TableTransaction {

  private TableTransaction() {}

  /** What is done in it. */
  interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  static <T> T run(DataSource dataSource, Work<T> work) throws SQLException {
    try (Connection connection = borrow(dataSource)) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      try {
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        rollBack(connection, e);
        throw e;
      } finally {
        restore(connection, autoCommit);
      }
    }
  }

  /** Pools throw more than they declare, one that is closed for instance. */
  private static Connection borrow(DataSource dataSource) throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (RuntimeException e) {
      throw new SQLException("the data source gave no connection: " + e, e);
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
      abort(connection, cause); // what is open must not be committed by turning autocommit on
    }
  }

  private static void abort(Connection connection, Throwable cause) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /** The transaction has ended; a connection that cannot be restored is of no use to anybody. */
  private static void restore(Connection connection, boolean autoCommit) throws SQLException {
    try {
      connection.setAutoCommit(autoCommit);
    } catch (SQLException e) {
      connection.abort(Runnable::run);
    }
  }
}
