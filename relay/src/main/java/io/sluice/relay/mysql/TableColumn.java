package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardSource;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of an outbox table, as the server has it.
 *
 * @param name as it was written when it was made
 * @param type its name in small letters, such as {@code varchar}, without length and sign
 * @param length in characters, or bytes where it holds those; 0 where the type has none
 */
public record TableColumn(String name, String type, long length) {

  private static final String COLUMNS =
      """
      SELECT column_name, data_type, COALESCE(character_maximum_length, 0)
      FROM information_schema.columns
      WHERE table_schema = ? AND table_name = ?
      ORDER BY ordinal_position
      """;

  /** The type with its length, for messages. */
  public String described() {
    return length == 0 ? type : "%s(%d)".formatted(type, length);
  }

  /** All of a table, in its order; none if it is not there or may not be read. */
  public static List<TableColumn> of(Connection connection, ShardTable table) throws SQLException {
    List<TableColumn> columns = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, table.database());
      query.setString(2, table.layout().table());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(new TableColumn(rows.getString(1), rows.getString(2), rows.getLong(3)));
        }
      }
    }
    return columns;
  }

  /**
   * The names of all, in the table's order.
   *
   * @throws io.sluice.relay.shard.RelayException if the server cannot be asked
   */
  public static List<String> names(ShardSource source, ShardTable table) {
    try (Connection connection = table.connect(source.server())) {
      return of(connection, table).stream().map(TableColumn::name).toList();
    } catch (SQLException e) {
      throw MySqlErrors.classify(source, e);
    }
  }
}
