package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.ShardServer.Login;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The outbox table of one shard.
 *
 * @param shard the shard of the table
 * @param database schema that contains the table
 * @param layout name and columns of the table
 */
public record ShardTable(ShardId shard, String database, TableLayout layout) {

  /** Qualified name of the table, for messages and for MySQL. */
  public String name() {
    return database + "." + layout.table();
  }

  /** Opens a connection. The caller closes it. */
  public Connection connect(ShardServer server) throws SQLException {
    return server.connect(database);
  }

  /** The GRANT statement that lets the relay's account read the table. */
  public String readGrant(Login login) {
    return "GRANT SELECT ON `%s`.`%s` TO '%s'"
        .formatted(database, layout.table(), login.username());
  }
}
