package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the tables of one server that is kept while there is work. The caller closes it
 * when there is none, and after each failure; the next use opens another connection. Used by one
 * thread.
 */
public final class KeptConnection implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(KeptConnection.class);

  private @Nullable Connection connection;
  private String database = "";
  private long lastUse;

  /** Index hints that were looked up through this connection. */
  private final Map<List<Object>, String> hints = new HashMap<>();

  /** The connection, with the database of the table as its default. */
  public Connection to(TableAccess table) throws SQLException {
    lastUse = System.nanoTime();
    String wanted = table.table().database();
    if (connection == null) {
      connection = table.connect();
    } else if (!database.equals(wanted)) {
      connection.setCatalog(wanted);
    }
    database = wanted;
    return connection;
  }

  /** The same as {@link TableIndex#inQuery}, looked up once. */
  public String inQuery(TableAccess table, String... columns) throws SQLException {
    return hint(TableIndex::inQuery, table, columns);
  }

  /** The same as {@link TableIndex#inDeletion}, looked up once. */
  public String inDeletion(TableAccess table, String... columns) throws SQLException {
    return hint(TableIndex::inDeletion, table, columns);
  }

  private String hint(Lookup lookup, TableAccess table, String... columns) throws SQLException {
    List<Object> key = List.of(lookup.getClass(), table.name(), List.of(columns));
    String known = hints.get(key);
    if (known == null) {
      known = lookup.of(to(table), table.table(), columns);
      hints.put(key, known);
    }
    return known;
  }

  private interface Lookup {
    String of(Connection connection, ShardTable table, String... columns) throws SQLException;
  }

  /** Closes the connection if it was not used for this time. */
  public void closeIfIdleFor(Duration time) {
    if (System.nanoTime() - lastUse > time.toNanos()) {
      close();
    }
  }

  /** Closes the connection, if it is open. */
  @Override
  public void close() {
    hints.clear();
    Connection closed = connection;
    connection = null;
    if (closed == null) {
      return;
    }
    try {
      closed.close();
    } catch (SQLException e) {
      // It is of no use any more.
      LOG.debug("a connection could not be closed", e);
    }
  }
}
