package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;
import io.sluice.relay.shard.ShardServer.Login;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The outbox table of one shard.
 *
 * @param shard whose table it is
 * @param database the schema that holds it
 * @param layout its name and columns
 */
public record ShardTable(ShardId shard, String database, TableLayout layout) {

  /** Database and table, for messages and for what MySQL calls it. */
  public String name() {
    return database + "." + layout.table();
  }

  /** Opens a connection for the caller to close. */
  public Connection connect(ShardServer server) throws SQLException {
    return server.connect(database);
  }

  /** What the relay's account needs to read it, in words for an operator. */
  public String readGrant(Login login) {
    return "GRANT SELECT ON `%s`.`%s` TO '%s'"
        .formatted(database, layout.table(), login.username());
  }
}
