package io.sluice.sandbox.junit;

import io.sluice.sandbox.server.api.Login;
import io.sluice.sandbox.server.api.MySqlAddress;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;

/**
 * A MySQL account of a test class, dropped after the class.
 *
 * @param server the server of the account
 * @param login the account's name and password
 */
public record Account(MySqlAddress server, Login login) {
  public String user() {
    return login.user();
  }

  public String password() {
    return login.password();
  }

  /** Opens a connection of this account to a database. The caller closes it. */
  public Connection connect(Database database) throws SQLException {
    return DriverManager.getConnection(database.jdbcUrl(), user(), password());
  }
}
