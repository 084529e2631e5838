package io.sluice.relay.fault;

import io.sluice.relay.shard.ShardSource;
import io.sluice.sandbox.server.MySqlServer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Counts the binlog streams of a server. */
final class Dumps {

  private static final String QUERY =
      """
      SELECT COUNT(*) FROM performance_schema.processlist
      WHERE user = ? AND command LIKE 'Binlog Dump%'
      """;

  private Dumps() {}

  /** The streams of a source's account. */
  static int of(MySqlServer server, ShardSource source) {
    try (Connection connection = server.connect();
        PreparedStatement query = connection.prepareStatement(QUERY)) {
      query.setString(1, source.server().login().username());
      try (ResultSet row = query.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    } catch (SQLException e) {
      throw new IllegalStateException("the process list could not be read", e);
    }
  }
}
