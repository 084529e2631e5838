package io.sluice.handlers.internal.status;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The connection of a status store. It is borrowed on demand, kept while there is work, and
 * returned with its original settings. Owned by the store's thread.
 */
final class StatusSession {

  private static final Logger LOG = LoggerFactory.getLogger(StatusSession.class);

  /** SQL state. */
  private static final String READ_ONLY_TRANSACTION = "25006";

  private static final int SECONDS_TO_ANSWER = 2;

  private static final String SETTINGS =
      """
      SELECT @@SESSION.autocommit, @@SESSION.innodb_lock_wait_timeout,
        @@SESSION.transaction_isolation, @@SESSION.binlog_row_image,
        @@GLOBAL.read_only, @@SESSION.transaction_read_only
      """;

  // Autocommit by a statement, because the driver does not know what a pool's initial statement has
  // set. The shortest lock wait that the server accepts. READ COMMITTED, because otherwise a
  // locking read of a missing row would lock a gap, and delay the application's inserts.
  private static final String OWN =
      "SET SESSION autocommit = 1, innodb_lock_wait_timeout = 1,"
          + " transaction_isolation = 'READ-COMMITTED'";

  // No reader of the binlog needs the unchanged columns of a status update.
  private static final String MINIMAL = "SET SESSION binlog_row_image = 'MINIMAL'";

  private static final String RESTORE =
      "SET SESSION autocommit = ?, innodb_lock_wait_timeout = ?, transaction_isolation = ?";
  private static final String RESTORE_IMAGE = "SET SESSION binlog_row_image = ?";

  private final String shard;
  private final DataSource dataSource;
  private @Nullable Open open;
  private boolean mayMinimise = true;
  private volatile boolean borrowing;

  /** A connection and its original settings. */
  private record Open(
      Connection connection,
      int autoCommit,
      int lockWait,
      String isolation,
      String image,
      boolean minimised) {}

  StatusSession(String shard, DataSource dataSource) {
    this.shard = shard;
    this.dataSource = dataSource;
  }

  /** The connection. It is in autocommit mode, so that a statement costs one round trip. */
  Connection connection() throws SQLException {
    Open current = open;
    if (current == null) {
      current = prepare(borrow());
      open = current;
    }
    return current.connection();
  }

  private Connection borrow() throws SQLException {
    borrowing = true;
    Connection connection = dataSource.getConnection();
    borrowing = false;
    return connection;
  }

  /**
   * Whether the data source was asked for a connection and has not given one. Still true after it
   * has refused. Thread-safe.
   */
  boolean isBorrowing() {
    return borrowing;
  }

  private Open prepare(Connection connection) throws SQLException {
    try {
      try (Statement statement = connection.createStatement();
          ResultSet settings = statement.executeQuery(SETTINGS)) {
        settings.next();
        requireWritable(settings.getBoolean(5), settings.getBoolean(6));
        int autoCommit = settings.getInt(1);
        int lockWait = settings.getInt(2);
        String isolation = settings.getString(3);
        String image = settings.getString(4);
        execute(connection, OWN);
        return new Open(connection, autoCommit, lockWait, isolation, image, minimise(connection));
      }
    } catch (SQLException | RuntimeException | Error e) {
      abandon(connection, e);
      throw e;
    }
  }

  /** Otherwise handlers would be called whose outcome cannot be written. */
  private static void requireWritable(boolean isServerReadOnly, boolean isSessionReadOnly)
      throws SQLException {
    if (isServerReadOnly) {
      throw RowRefusal.readOnly();
    }
    if (isSessionReadOnly) {
      throw new SQLException(
          "the shard's data source gives read-only connections: configure it without that",
          READ_ONLY_TRANSACTION);
    }
  }

  private boolean minimise(Connection connection) throws SQLException {
    if (!mayMinimise) {
      return false;
    }
    try {
      execute(connection, MINIMAL);
      return true;
    } catch (SQLException e) {
      if (e.getSQLState() == null || !e.getSQLState().startsWith("42")) {
        throw e;
      }
      mayMinimise = false;
      LOG.info(
          "shard '{}': this account may not set binlog_row_image ({}), so status updates take more"
              + " of the binary log than they need: grant it SESSION_VARIABLES_ADMIN",
          shard,
          e.getMessage());
      return false;
    }
  }

  void begin() throws SQLException {
    execute(connection(), "START TRANSACTION");
  }

  void commit() throws SQLException {
    execute(connection(), "COMMIT");
  }

  private static void execute(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Returns the connection with its original settings, or aborts it if restoring them fails. */
  void release() {
    Open current = open;
    open = null;
    if (current == null) {
      return;
    }
    try {
      restore(current);
      current.connection().close();
    } catch (SQLException | RuntimeException | Error e) {
      LOG.debug("the settings of a connection of shard '{}' could not be restored", shard, e);
      abandon(current.connection(), e);
    }
  }

  private static void restore(Open current) throws SQLException {
    set(
        current.connection(),
        RESTORE,
        current.autoCommit(),
        current.lockWait(),
        current.isolation());
    if (current.minimised()) {
      set(current.connection(), RESTORE_IMAGE, current.image());
    }
  }

  private static void set(Connection connection, String sql, Object... values) throws SQLException {
    try (PreparedStatement set = connection.prepareStatement(sql)) {
      for (int i = 0; i < values.length; i++) {
        set.setObject(i + 1, values[i]);
      }
      set.execute();
    }
  }

  /** Rolls back after a failed statement, and aborts the connection if that fails. */
  void recover(SQLException cause) {
    Open current = open;
    if (current == null) {
      return;
    }
    try {
      execute(current.connection(), "ROLLBACK");
    } catch (SQLException | RuntimeException | Error e) {
      open = null;
      abandon(current.connection(), cause);
    }
  }

  /** Aborts the connection, because its server cannot serve the requests. */
  void abandon(Throwable cause) {
    Open current = open;
    open = null;
    if (current != null) {
      abandon(current.connection(), cause);
    }
  }

  /** Aborts the connection if the network or the server has closed it. */
  void abandonIfDead() throws SQLException {
    Open current = open;
    if (current != null && !current.connection().isValid(SECONDS_TO_ANSWER)) {
      abandon(new SQLException("the connection was closed while it was not used"));
    }
  }

  boolean isOpen() {
    return open != null;
  }

  // Aborted, so that the pool does not lend the connection with these settings.
  private static void abandon(Connection connection, Throwable cause) {
    try (connection) {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException | Error e) {
      // Drivers and pools also throw undeclared exceptions.
      cause.addSuppressed(e);
    }
  }
}
