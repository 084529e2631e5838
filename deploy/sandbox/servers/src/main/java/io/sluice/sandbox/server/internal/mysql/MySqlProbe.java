package io.sluice.sandbox.server.internal.mysql;

import io.sluice.sandbox.server.api.MySqlAddress;
import io.sluice.sandbox.server.api.ServerStartException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;

/** Queries a server as its administrator. */
final class MySqlProbe {
  private MySqlProbe() {}

  /** Whether the server answers the administrator within seconds. */
  static boolean isReady(MySqlAddress address) {
    try {
      queryVersion(address);
      return true;
    } catch (SQLException notYet) {
      return false;
    }
  }

  /** The server's version, digits and dots only. */
  static String version(MySqlAddress address) {
    try {
      return queryVersion(address).replaceFirst("[^0-9.].*", "");
    } catch (SQLException e) {
      throw new ServerStartException(
          "MySQL at "
              + address.host()
              + ":"
              + address.port()
              + " does not answer "
              + address.admin().user()
              + ": "
              + e.getMessage(),
          e);
    }
  }

  private static String queryVersion(MySqlAddress address) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", address.admin().user());
    properties.setProperty("password", address.admin().password());
    properties.setProperty("connectTimeout", "2000");
    properties.setProperty("socketTimeout", "5000");
    try (Connection connection = DriverManager.getConnection(address.jdbcUrl(""), properties);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT VERSION()")) {
      row.next();
      return row.getString(1);
    }
  }
}
