package io.sluice.relay.table;

import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * Makes the server follow the index a statement was written for. Left alone it may go through the
 * whole table, by what it reckons of its rows: that reads what is not asked for, and where rows are
 * locked it waits for those that others hold.
 */
public final class TableIndex {

  private static final String COLUMNS =
      """
      SELECT index_name, GROUP_CONCAT(LOWER(column_name) ORDER BY seq_in_index)
      FROM information_schema.statistics
      WHERE table_schema = ? AND table_name = ? AND is_visible = 'YES'
      GROUP BY index_name""";

  private TableIndex() {}

  /** A part of a query, behind the table: the index to use; nothing if there is none. */
  public static String inQuery(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns).map(" FORCE INDEX (`%s`)"::formatted).orElse("");
  }

  /** The same for a deletion, where it stands behind the verb. */
  static String inDeletion(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns)
        .map(" /*+ INDEX({table} `%s`) */"::formatted)
        .orElse("");
  }

  /** Of an index that begins with these columns of the contract. */
  private static Optional<String> name(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    String wanted =
        String.join(
                ",",
                List.of(columns).stream()
                    .map(column -> table.layout().column(column).orElseThrow())
                    .toList())
            .toLowerCase(Locale.ROOT);
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, table.database());
      query.setString(2, table.layout().table());
      try (ResultSet indexes = query.executeQuery()) {
        while (indexes.next()) {
          if ((indexes.getString(2) + ",").startsWith(wanted + ",")) {
            return Optional.of(indexes.getString(1).replace("`", "``"));
          }
        }
      }
    }
    return Optional.empty();
  }
}
