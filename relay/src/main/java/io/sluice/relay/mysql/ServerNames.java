package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Names of databases and tables as a server compares and logs them. */
public final class ServerNames {

  private static final String RULE = "SELECT @@GLOBAL.lower_case_table_names";

  private ServerNames() {}

  /** Returns the source with its tables' names as its server writes them to the binlog. */
  public static ShardSource of(ShardSource source) {
    try (Connection connection = source.server().connect("")) {
      return of(connection, source);
    } catch (SQLException e) {
      throw ServerFailures.classify(source, e);
    }
  }

  /** The same, on a connection to the server. */
  public static ShardSource of(Connection connection, ShardSource source) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(RULE)) {
      row.next();
      // With 2, the server stores the given case, but looks up and logs lower case, as with 1.
      return row.getInt(1) == 0 ? source : source.folded();
    }
  }
}
