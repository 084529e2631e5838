package io.sluice.handlers.internal.status;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/**
 * Lends a connection to a piece of work and sees that nothing of it stays open. Where the data
 * source has autocommit on, as is usual, each statement stands for itself and costs one round trip.
 */
final class ShardConnection {

  private ShardConnection() {}

  /** What is done with the connection. */
  interface Work<T> {
    T run(Connection connection) throws SQLException;
  }

  static <T> T lend(DataSource dataSource, Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      return connection.getAutoCommit() ? work.run(connection) : inTransaction(connection, work);
    }
  }

  private static <T> T inTransaction(Connection connection, Work<T> work) throws SQLException {
    try {
      T result = work.run(connection);
      connection.commit();
      return result;
    } catch (SQLException | RuntimeException | Error e) {
      rollBack(connection, e);
      throw e;
    }
  }

  private static void rollBack(Connection connection, Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
