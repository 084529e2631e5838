package io.sluice.bench.handlers;

import io.sluice.bench.events.Outbox;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * How a child process connects to a database.
 *
 * @param url the URL of the driver
 */
record JdbcLogin(String url, String user, String password) {

  static JdbcLogin of(Outbox outbox) {
    return new JdbcLogin(
        outbox.address().jdbcUrl(outbox.database()),
        outbox.address().admin().user(),
        outbox.address().admin().password());
  }

  Connection connect() throws SQLException {
    return DriverManager.getConnection(url, user, password);
  }

  @Override
  public String toString() {
    return user + " at " + url;
  }
}
