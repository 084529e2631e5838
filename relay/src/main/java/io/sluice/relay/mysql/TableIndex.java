package io.sluice.relay.mysql;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Index hints for statements that rely on a certain index. Without a hint the optimizer may choose
 * a full table scan. A scan reads rows that are not needed, and a locking scan waits for locks of
 * other transactions.
 */
public final class TableIndex {

  private static final String COLUMNS =
      """
      SELECT index_name, GROUP_CONCAT(COALESCE(LOWER(column_name), '') ORDER BY seq_in_index)
      FROM information_schema.statistics
      WHERE table_schema = ? AND table_name = ? AND is_visible = 'YES'
      GROUP BY index_name""";

  private TableIndex() {}

  /**
   * Index hint of a query, to be placed after the table name.
   *
   * @return the hint; empty if there is no such index
   */
  public static String inQuery(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns).map(" FORCE INDEX (`%s`)"::formatted).orElse("");
  }

  /**
   * Index hint of a DELETE statement, to be placed after the verb.
   *
   * @return the hint; empty if there is no such index
   */
  public static String inDeletion(Connection connection, ShardTable table, String... columns)
      throws SQLException {
    return name(connection, table, columns)
        .map(" /*+ INDEX({table} `%s`) */"::formatted)
        .orElse("");
  }

  /**
   * Finds an index whose entries begin with these columns of the shipped DDL. InnoDB appends the
   * primary key to the entries of each index, so its columns count. A functional key part matches
   * no column. The index of the shipped DDL comes first.
   */
  public static Optional<String> name(Connection connection, ShardTable table, String... columns)
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
          .min(Comparator.comparing(index -> !OutboxTable.STATUS_INDEX.equals(index.getKey())))
          .map(index -> index.getKey().replace("`", "``"));
    }
  }
}
