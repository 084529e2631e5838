package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
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

  private static final String IDENTITY = "SELECT @@GLOBAL.server_uuid, @@GLOBAL.server_id";
  private static final String NUMBERING = "SELECT @@GLOBAL.gtid_mode";

  /** Of the server this connection leads to. */
  public static ServerIdentity of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(IDENTITY)) {
      row.next();
      return new ServerIdentity(row.getString(1), row.getLong(2));
    }
  }

  /** Of the server a source's address leads to at present. */
  public static ServerIdentity of(ShardSource source) {
    try (Connection connection = source.tables().get(0).connect(source.server())) {
      return of(connection);
    } catch (SQLException e) {
      throw MySqlErrors.classify(source, e);
    }
  }

  /** Whether it numbers every transaction. */
  public static boolean isNumbering(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NUMBERING)) {
      row.next();
      return row.getString(1).equalsIgnoreCase("ON");
    }
  }
}
