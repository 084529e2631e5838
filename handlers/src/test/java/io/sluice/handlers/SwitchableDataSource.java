package io.sluice.handlers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A way to a database that a test can cut. */
final class SwitchableDataSource extends TestDataSource {

  private final DataSource target;
  private final AtomicInteger refused = new AtomicInteger();
  private volatile boolean away;

  SwitchableDataSource(DataSource target) {
    this.target = target;
  }

  void away(boolean value) {
    away = value;
  }

  /** How many connections were refused. */
  int refused() {
    return refused.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (away) {
      refused.incrementAndGet();
      throw new SQLException("the database is away", "08S01");
    }
    return target.getConnection();
  }
}
