package io.sluice.handlers;

import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;

/** A data source that counts aborted connections. */
final class CountedAborts extends TestDataSource {

  private final DataSource target;
  private final AtomicInteger aborts = new AtomicInteger();

  CountedAborts(DataSource target) {
    this.target = target;
  }

  int aborts() {
    return aborts.get();
  }

  @Override
  public Connection getConnection() throws SQLException {
    return Overheard.connection(
        target.getConnection(),
        (method, sql) -> {
          if (method.equals("abort")) {
            aborts.incrementAndGet();
          }
        });
  }
}
