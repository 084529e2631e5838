package io.sluice.relay.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** What tells servers apart, also where one has taken over the address of another. */
public final class ServerIdentity {

  private ServerIdentity() {}

  /** The UUID a server gave itself when its data was made. */
  public static String of(Connection connection) throws SQLException {
    return variable(connection, "server_uuid");
  }

  /** Whether it numbers every transaction. */
  static boolean isNumbering(Connection connection) throws SQLException {
    return variable(connection, "gtid_mode").equalsIgnoreCase("ON");
  }

  private static String variable(Connection connection, String name) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT @@GLOBAL." + name)) {
      row.next();
      return row.getString(1);
    }
  }
}
