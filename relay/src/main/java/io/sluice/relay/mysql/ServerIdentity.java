package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Identity of a server, which differs from that of another server at the same address.
 *
 * @param uuid {@code server_uuid}, generated with the server's data directory; unique
 * @param id {@code server_id}, which marks the server's own events in binlogs
 */
public record ServerIdentity(String uuid, long id) {

  private static final String IDENTITY = "SELECT @@GLOBAL.server_uuid, @@GLOBAL.server_id";
  private static final String NUMBERING = "SELECT @@GLOBAL.gtid_mode";

  /** Reads the identity of the connected server. */
  public static ServerIdentity of(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(IDENTITY)) {
      row.next();
      return new ServerIdentity(row.getString(1), row.getLong(2));
    }
  }

  /** Connects to a source and reads the identity of its server. */
  public static ServerIdentity of(ShardSource source) {
    try (Connection connection = source.server().connect("")) {
      return of(connection);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  /** Whether the server assigns a GTID to every transaction. */
  public static boolean isNumbering(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(NUMBERING)) {
      row.next();
      return row.getString(1).equalsIgnoreCase("ON");
    }
  }
}
