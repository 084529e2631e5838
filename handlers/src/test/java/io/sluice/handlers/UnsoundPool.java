package io.sluice.handlers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/**
 * A pool whose first connections break at their first statement. From then on, they throw
 * undeclared exceptions.
 */
final class UnsoundPool extends TestDataSource {

  private final DataSource target;
  private final AtomicInteger left;

  UnsoundPool(DataSource target, int broken) {
    this.target = target;
    left = new AtomicInteger(broken);
  }

  @Override
  public Connection getConnection() throws SQLException {
    Connection connection = target.getConnection();
    return left.getAndDecrement() > 0 ? breaking(connection) : connection;
  }

  private static Connection breaking(Connection target) {
    AtomicInteger statements = new AtomicInteger();
    return Overheard.connection(
        target,
        (method, sql) -> {
          if (!sql.isEmpty()) {
            statements.incrementAndGet();
            target.close();
          }
          if (statements.get() > 0) {
            throw new IllegalStateException("the pool is confused");
          }
        });
  }
}
