package io.sluice.relay.check;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * What tells servers apart, also where one has taken over the address of another.
 *
 * @param uuid a server gave itself when its data was made; no two have the same
 * @param id it marks its own events by in binary logs, {@code server_id}
 */
public record ServerIdentity(String uuid, long id) {

  /** Of the server this connection leads to. */
  public static ServerIdentity of(Connection connection) throws SQLException {
    return new ServerIdentity(
        variable(connection, "server_uuid"), Long.parseLong(variable(connection, "server_id")));
  }

  /** Whether it numbers every transaction. */
  public static boolean isNumbering(Connection connection) throws SQLException {
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
