package io.sluice.repository.internal;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Runs work in one transaction on a borrowed connection and returns the connection with its
 * settings unchanged.
 *
 * <p>The isolation level is READ COMMITTED, so that each statement sees what other transactions
 * have committed in the meantime. Lock waits are short, because this is maintenance next to
 * production traffic.
 */
public final class TableTransaction {

  private static final String SETTINGS =
      """
      SELECT @@SESSION.innodb_lock_wait_timeout, @@SESSION.lock_wait_timeout,
        HEX(CONVERT(? USING utf8mb4)), CONVERT(X'C581F09F98805C27' USING utf8mb4)""";

  /** Letters that only some character sets have, and characters that drivers escape. */
  private static final String TEXT = "\u0141\ud83d\ude00\\'";

  private static final String TEXT_IN_UTF8 = "C581F09F98805C27";

  private static final String SET_LOCK_WAITS =
      "SET SESSION innodb_lock_wait_timeout = %d, SESSION lock_wait_timeout = %d";

  private static final long ROW_LOCK_SECONDS = 3;

  /** How long to wait for the table's metadata lock, which an ALTER TABLE holds. */
  private static final long TABLE_LOCK_SECONDS = 5;

  private final Connection connection;
  private final boolean autoCommit;
  private final int isolation;
  private final long rowLockSeconds;
  private final long tableLockSeconds;

  private TableTransaction(Connection connection) throws SQLException {
    this.connection = connection;
    this.autoCommit = connection.getAutoCommit();
    this.isolation = connection.getTransactionIsolation();
    try (PreparedStatement statement = connection.prepareStatement(SETTINGS)) {
      statement.setString(1, TEXT);
      try (ResultSet settings = statement.executeQuery()) {
        settings.next();
        this.rowLockSeconds = settings.getLong(1);
        this.tableLockSeconds = settings.getLong(2);
        requireUnchangedText(settings.getString(3), settings.getString(4));
      }
    }
  }

  // Texts select rows and decide which events belong to one aggregate.
  private static void requireUnchangedText(@Nullable String sent, @Nullable String received)
      throws SQLException {
    if (!TEXT_IN_UTF8.equals(sent) || !TEXT.equals(received)) {
      throw new SQLException(
          "the connection changes text, because of a setting such as"
              + " characterEncoding=ISO-8859-1, characterSetResults, SET NAMES latin1 or"
              + " NO_BACKSLASH_ESCAPES: use a data source without it, with utf8mb4",
          "HY000");
    }
  }

  /** Statements that belong to one transaction. */
  public interface Work<T> {
    T on(Connection connection) throws SQLException;
  }

  /** Runs the work and commits; rolls back if the work or the commit throws. */
  public static <T> T run(DataSource dataSource, Work<T> work) throws SQLException {
    try (Connection connection = borrow(dataSource)) {
      TableTransaction transaction = new TableTransaction(connection);
      try {
        transaction.begin();
        T result = work.on(connection);
        connection.commit();
        return result;
      } catch (SQLException | RuntimeException | Error e) {
        transaction.rollBack(e);
        throw e;
      } finally {
        transaction.restore();
      }
    }
  }

  // Pools throw unchecked exceptions too, for example when they are closed.
  private static Connection borrow(DataSource dataSource) throws SQLException {
    try {
      return dataSource.getConnection();
    } catch (RuntimeException e) {
      throw new SQLException("the data source gave no connection: " + e, e);
    }
  }

  private void begin() throws SQLException {
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    setLockWaits(ROW_LOCK_SECONDS, TABLE_LOCK_SECONDS);
    connection.setAutoCommit(false);
  }

  private void setLockWaits(long rowSeconds, long tableSeconds) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(SET_LOCK_WAITS.formatted(rowSeconds, tableSeconds));
    }
  }

  private void rollBack(Throwable cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
      abort(cause); // otherwise setAutoCommit(true) would commit the transaction
    }
  }

  private void abort(Throwable cause) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }

  // The transaction has ended and its outcome is what the caller needs. A connection whose settings
  // cannot be restored must not return to its pool, so it is aborted.
  private void restore() throws SQLException {
    try {
      connection.setAutoCommit(autoCommit);
      setLockWaits(rowLockSeconds, tableLockSeconds);
      connection.setTransactionIsolation(isolation);
    } catch (SQLException e) {
      connection.abort(Runnable::run);
    }
  }
}
