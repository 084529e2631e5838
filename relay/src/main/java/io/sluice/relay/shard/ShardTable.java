package io.sluice.relay.shard;

import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Locale;

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

  /** The same table, with its names in lower case. */
  ShardTable folded() {
    return new ShardTable(
        shard,
        database.toLowerCase(Locale.ROOT),
        new TableLayout(
            layout.table().toLowerCase(Locale.ROOT), layout.columns(), layout.domain()));
  }

  /** Opens a connection. The caller closes it. */
  public Connection connect(ShardServer server) throws SQLException {
    return server.connect(database);
  }
}
