package io.sluice.handlers.internal.desk;

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
 * A desk's connection, borrowed when it is needed, kept while there is work, and given back as it
 * was. Owned by the desk's thread.
 */
final class DeskSession {

  private static final Logger LOG = LoggerFactory.getLogger(DeskSession.class);

  private static final String SETTINGS =
      "SELECT @@SESSION.innodb_lock_wait_timeout, @@SESSION.binlog_row_image";

  // The shortest the server knows: who is locked out is set aside, and the others go on.
  private static final String IMPATIENT = "SET SESSION innodb_lock_wait_timeout = 1";

  // The columns of a row that did not change are of no use to anybody in a status update.
  private static final String MINIMAL = "SET SESSION binlog_row_image = 'MINIMAL'";

  private static final String RESTORE_PATIENCE = "SET SESSION innodb_lock_wait_timeout = ?";
  private static final String RESTORE_IMAGE = "SET SESSION binlog_row_image = ?";

  private final String shard;
  private final DataSource dataSource;
  private @Nullable Open open;
  private boolean mayMinimise = true;

  /** A connection and how it was. */
  private record Open(
      Connection connection, boolean autoCommit, int patience, String image, boolean minimised) {}

  DeskSession(String shard, DataSource dataSource) {
    this.shard = shard;
    this.dataSource = dataSource;
  }

  /** The connection, with autocommit: each statement stands for itself and costs a round trip. */
  Connection connection() throws SQLException {
    Open current = open;
    if (current == null) {
      current = prepare(dataSource.getConnection());
      open = current;
    }
    return current.connection();
  }

  private Open prepare(Connection connection) throws SQLException {
    try {
      boolean autoCommit = connection.getAutoCommit();
      if (!autoCommit) {
        connection.setAutoCommit(true);
      }
      try (Statement statement = connection.createStatement();
          ResultSet settings = statement.executeQuery(SETTINGS)) {
        settings.next();
        int patience = settings.getInt(1);
        String image = settings.getString(2);
        execute(connection, IMPATIENT);
        return new Open(connection, autoCommit, patience, image, minimise(connection));
      }
    } catch (SQLException | RuntimeException | Error e) {
      abandon(connection, e);
      throw e;
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

  /** Begins a transaction of several statements. */
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

  /** Gives the connection back as it was, or ends it where that is not possible. */
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
      LOG.debug("a connection of shard '{}' could not be given back as it was", shard, e);
      abandon(current.connection(), e);
    }
  }

  private static void restore(Open current) throws SQLException {
    set(current.connection(), RESTORE_PATIENCE, current.patience());
    if (current.minimised()) {
      set(current.connection(), RESTORE_IMAGE, current.image());
    }
    if (!current.autoCommit()) {
      current.connection().setAutoCommit(false);
    }
  }

  private static void set(Connection connection, String sql, Object value) throws SQLException {
    try (PreparedStatement set = connection.prepareStatement(sql)) {
      set.setObject(1, value);
      set.execute();
    }
  }

  /** Ends what was begun after a statement failed, and the connection if that is not possible. */
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

  /** Ends the connection, for it leads where the desk's work cannot be done. */
  void abandon(Throwable cause) {
    Open current = open;
    open = null;
    if (current != null) {
      abandon(current.connection(), cause);
    }
  }

  /** Whether there is a connection, as far as is known. */
  boolean isOpen() {
    return open != null;
  }

  // Aborted, so that a pool does not hand it on as the desk has left it.
  private static void abandon(Connection connection, Throwable cause) {
    try (connection) {
      connection.abort(Runnable::run);
    } catch (SQLException | RuntimeException | Error e) {
      // Drivers and pools throw more than they declare.
      cause.addSuppressed(e);
    }
  }
}
