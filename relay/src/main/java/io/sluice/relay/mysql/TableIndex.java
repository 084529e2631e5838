package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the server follow the index a statement was written for. Left alone it may go through the
 * whole table, by what it reckons of its rows: that reads what is not asked for, and where rows are
 * locked it waits for those that others hold.
 */
public final class TableIndex {

  private static final String COLUMNS =
      """
      SELECT index_name, GROUP_CONCAT(COALESCE(LOWER(column_name), '') ORDER BY seq_in_index)
      FROM information_schema.statistics
      WHERE table_schema = ? AND table_name = ? AND is_visible = 'YES'
      GROUP BY index_name""";

  private TableIndex() {}

  /** Whether there is an index that begins with these columns of the contract. */
  public static boolean exists(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns).isPresent();
  }

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

  /**
   * Of an index whose entries begin with these columns of the contract. They end with those of the
   * primary key, which orders them too; a part that is an expression stands for no column.
   */
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
      Map<String, String> indexes = new LinkedHashMap<>();
      try (ResultSet found = query.executeQuery()) {
        while (found.next()) {
          indexes.put(found.getString(1), found.getString(2));
        }
      }
      String primary = indexes.getOrDefault("PRIMARY", "");
      return indexes.entrySet().stream()
          .filter(index -> "%s,%s,".formatted(index.getValue(), primary).startsWith(wanted + ","))
          .findFirst()
          .map(index -> index.getKey().replace("`", "``"));
    }
  }
}
