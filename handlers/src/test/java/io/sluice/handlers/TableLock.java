package io.sluice.handlers;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Locks a table, so that statements of other sessions on it wait until the release. */
public final class TableLock implements AutoCloseable {

  private final Connection connection;
  private final String table;

  /**
   * @param connection a connection, which is closed together with the lock
   */
  public TableLock(Connection connection, String table) {
    this.connection = connection;
    this.table = table;
  }

  public void take() {
    execute("LOCK TABLES %s WRITE".formatted(table));
  }

  public void release() {
    execute("UNLOCK TABLES");
  }

  private void execute(String sql) {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The query for the number of sessions that wait for a table. */
  public static String awaited(String database, String table) {
    return """
        SELECT COUNT(*) FROM performance_schema.metadata_locks
        WHERE lock_status = 'PENDING' AND object_schema = '%s' AND object_name = '%s'
        """
        .formatted(database, table);
  }

  @Override
  public void close() throws SQLException {
    // A statement may still be waiting on the connection.
    connection.abort(Runnable::run);
  }
}
