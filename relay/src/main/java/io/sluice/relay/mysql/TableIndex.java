package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the server use the index for which a statement was written. Its optimizer may choose a full
 * scan instead, which reads rows that are not needed and waits for rows that others have locked.
 * Only for tables with the shipped columns.
 */
public final class TableIndex {

  private static final String COLUMNS =
      """
      SELECT index_name, GROUP_CONCAT(COALESCE(LOWER(column_name), '') ORDER BY seq_in_index)
      FROM information_schema.statistics
      WHERE table_schema = ? AND table_name = ? AND is_visible = 'YES'
      GROUP BY index_name""";

  private TableIndex() {}

  /** Whether there is an index that begins with these columns. */
  public static boolean exists(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns).isPresent();
  }

  /** The index hint of a query, which follows the table; empty if there is no such index. */
  public static String inQuery(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns).map(" FORCE INDEX (`%s`)"::formatted).orElse("");
  }

  /** The index hint of a deletion, which follows the verb. */
  static String inDeletion(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns)
        .map(" /*+ INDEX({table} `%s`) */"::formatted)
        .orElse("");
  }

  /**
   * The name of an index that begins with these columns. The entries of an index end with the
   * primary key, so that is part of their order; a part that is an expression is not a column.
   */
  private static Optional<String> name(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    String wanted = String.join(",", columns);
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
