package io.sluice.examples.spring;

import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/** Ends with the application, as a pool does. */
final class PassingDataSource extends DelegatingDataSource implements AutoCloseable {

  private volatile boolean ended;

  PassingDataSource(DataSource target) {
    super(target);
  }

  @Override
  public Connection getConnection() throws SQLException {
    if (ended) {
      throw new SQLException("this data source has ended");
    }
    return super.getConnection();
  }

  @Override
  public void close() {
    ended = true;
  }
}
