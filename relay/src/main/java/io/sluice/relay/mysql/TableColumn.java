package io.sluice.relay.mysql;

import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * A column of an outbox table in the server's data dictionary.
 *
 * @param name name of the column
 * @param type data type in lower case without length and sign, such as {@code varchar}
 * @param length maximum length in characters, or in bytes for binary types; 0 if the type has none
 * @param charset character set of a text column; empty for other types
 * @param definition the type with everything that belongs to it, such as {@code enum('a','b')}
 */
public record TableColumn(
    String name, String type, long length, String charset, String definition) {

  private static final String COLUMNS =
      """
      SELECT column_name, data_type, COALESCE(character_maximum_length, 0),
        COALESCE(character_set_name, ''), column_type
      FROM information_schema.columns
      WHERE table_schema = ? AND table_name = ?
      ORDER BY ordinal_position
      """;

  /** Type and length, for messages. */
  public String described() {
    return length == 0 ? type : "%s(%d)".formatted(type, length);
  }

  /**
   * Reads the columns of a table.
   *
   * @return the columns in their order; empty if the table does not exist or is not visible to the
   *     account
   */
  public static List<TableColumn> of(Connection connection, ShardTable table) throws SQLException {
    List<TableColumn> columns = new ArrayList<>();
    try (PreparedStatement query = connection.prepareStatement(COLUMNS)) {
      query.setString(1, table.database());
      query.setString(2, table.layout().table());
      try (ResultSet rows = query.executeQuery()) {
        while (rows.next()) {
          columns.add(
              new TableColumn(
                  rows.getString(1),
                  rows.getString(2),
                  rows.getLong(3),
                  rows.getString(4),
                  rows.getString(5)));
        }
      }
    }
    return columns;
  }
}
