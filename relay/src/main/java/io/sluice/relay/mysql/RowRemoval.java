package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Collections;
import java.util.List;

/** Deletes rows by their ids, which are given as values of the column. */
public final class RowRemoval {

  private static final String DELETE = "DELETE%s FROM {table} WHERE {id} IN (%s)";

  private RowRemoval() {}

  /** Deletes the rows in the connection's current transaction. */
  public static void remove(Connection connection, ShardTable table, List<Object> ids)
      throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    String index = TableIndex.inDeletion(connection, table, OutboxTable.ID);
    String statement = TableSql.fill(DELETE.formatted(index, places(ids)), table);
    try (PreparedStatement delete = connection.prepareStatement(statement)) {
      bind(delete, ids);
      delete.executeUpdate();
    }
  }

  /** Placeholders for the ids in a statement. */
  public static String places(List<Object> ids) {
    return String.join(",", Collections.nCopies(ids.size(), "?"));
  }

  /** Binds the ids to the first placeholders of a statement. */
  public static void bind(PreparedStatement statement, List<Object> ids) throws SQLException {
    for (int i = 0; i < ids.size(); i++) {
      statement.setObject(i + 1, ids.get(i));
    }
  }
}
