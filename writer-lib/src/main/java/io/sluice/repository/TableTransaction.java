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
    try (Connection connection = dataSource.getConnection()) {
      boolean autoCommit = connection.getAutoCommit();
      connection.setAutoCommit(false);
      T result = runIn(connection, work);
      connection.setAutoCommit(autoCommit);
      return result;
    }
  }

  private static <T> T runIn(Connection connection, Work<T> work) throws SQLException {
    try {
      T result = work.on(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      try {
        connection.rollback();
      } catch (SQLException again) {
        e.addSuppressed(again);
      }
      throw e;
    }
  }
}
