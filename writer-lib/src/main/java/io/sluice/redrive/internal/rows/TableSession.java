package io.sluice.redrive.internal.rows;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;

/**
 * Runs work in a transaction on a connection of its own: READ COMMITTED, so that each statement
 * sees what others have committed meanwhile, and waiting for no lock for long. The connection is
 * given back as it was.
 */
public final class TableSession {

  private static final String WAITS =
      "SELECT @@SESSION.innodb_lock_wait_timeout, @@SESSION.lock_wait_timeout";

  // Of rows and of the table, which somebody may be altering; in seconds.
  private static final String SET_WAITS =
      "SET SESSION innodb_lock_wait_timeout = %d, SESSION lock_wait_timeout = %d";
  private static final long ROW_WAIT = 3;
  private static final long TABLE_WAIT = 5;

  private final Connection connection;
  private final boolean autoCommit;
  private final int isolation;
  private final long rowWait;
  private final long tableWait;

  private TableSession(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    this.isolation = connection.getTransactionIsolation();
    try (Statement statement = connection.createStatement();
        ResultSet waits = statement.executeQuery(WAITS)) {
      waits.next();
      rowWait = waits.getLong(1);
      tableWait = waits.getLong(2);
    }
  }

  /** What is done in it. */
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  public static <T> T run(DataSource dataSource, Work<T> work) throws SQLException {
    try (Connection connection = borrow(dataSource)) {
      TableSession session = new TableSession(connection);
      try {
        session.prepare();
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        session.rollBack(e);
        throw e;
      } finally {
        session.restore();
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

  private void prepare() throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    setWaits(ROW_WAIT, TABLE_WAIT);
    connection.setAutoCommit(false);
  }

  private void setWaits(long row, long table) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SET_WAITS.formatted(row, table));
    }
  }

  private void rollBack(Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
      abort(cause); // what is open must not be committed by turning autocommit on
    }
  }

  private void abort(Throwable cause) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  /**
   * The transaction has ended, well or not, and that is what the caller is to learn. A connection
   * that cannot be restored is of no use to anybody, so it is ended.
   */
  private void restore() throws SQLException {
    try {
      connection.setAutoCommit(autoCommit);
      setWaits(rowWait, tableWait);
      connection.setTransactionIsolation(isolation);
    } catch (SQLException e) {
      connection.abort(Runnable::run);
    }
  }
}
