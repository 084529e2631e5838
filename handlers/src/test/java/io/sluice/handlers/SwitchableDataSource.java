package io.sluice.handlers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that tests can switch off together with its connections. */
final class SwitchableDataSource extends TestDataSource {

  private final DataSource target;
  private final AtomicInteger refused = new AtomicInteger();
  private final Set<Connection> lent = ConcurrentHashMap.newKeySet();
  private volatile boolean away;

  SwitchableDataSource(DataSource target) {
    this.target = target;
  }

  void away(boolean value) throws SQLException {
    away = value;
    if (value) {
      for (Connection connection : lent) {
        connection.abort(Runnable::run);
      }
      lent.clear();
    }
  }

  /** The number of refused connections. */
  int refused() {
    return refused.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (away) {
      refused.incrementAndGet();
      throw new SQLException("the database is away", "08S01");
    }
    Connection connection = target.getConnection();
    lent.add(connection);
    return connection;
  }
}
