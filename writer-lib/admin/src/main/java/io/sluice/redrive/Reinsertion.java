package io.sluice.redrive;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.RecordHeaders;
import io.sluice.redrive.RedriveOutcome.Refused;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Deletes rows and inserts them again, unchanged except for the delivery columns and the count of
 * redrives. Used for one transaction; the caller rolls back if a method throws.
 *
 * <p>The row's values stay on the server. Between deletion and insertion they are in session
 * variables, which keep any value exactly and need no privilege. A second row would need another
 * id, and a temporary table would need a grant. The statements follow the columns of the actual
 * table: columns that Sluice does not know are copied, generated columns are left to the server.
 */
final class Reinsertion implements AutoCloseable {

  // Read while the transaction holds row locks, so that no ALTER TABLE can run until it ends.
  private static final String COLUMNS =
      """
      SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'outbox_events'
        AND COALESCE(generation_expression, '') = ''
      ORDER BY ordinal_position""";

  // The information schema lists only columns that the account may read. This query fails if the
  // account may not read all columns.
  private static final String ALL_READABLE = "SELECT * FROM outbox_events LIMIT 0";

  // Reads TIMESTAMP columns in UTC, because in other time zones one hour of the year can occur
  // twice.
  private static final String READ =
      """
      SELECT /*+ SET_VAR(time_zone = '+00:00') */ %s INTO %s
      FROM outbox_events WHERE id = ?%s""";

  private static final String COUNTED_HEADERS =
      """
      CONVERT(JSON_SET(COALESCE(%1$s, JSON_OBJECT()), '$."%2$s"',
        CAST(COALESCE(JSON_UNQUOTE(JSON_EXTRACT(%1$s, '$."%2$s"')), 0) + 1 AS CHAR)) USING utf8mb4)""";

  private static final String HAS_HEADERS = "\n  AND COALESCE(JSON_TYPE(%s), 'OBJECT') = 'OBJECT'";

  // SQL functions can store values in JSON that text cannot represent, such as decimals.
  private static final String IS_TEXT =
      """

        AND COALESCE(CONVERT(CAST(CONVERT(%1$s USING utf8mb4) AS JSON) USING utf8mb4), '')
          COLLATE utf8mb4_bin = COALESCE(CONVERT(%1$s USING utf8mb4), '')""";

  // The row returns in the same transaction, so ON DELETE CASCADE must not run.
  private static final String DELETE_TO_INSERT =
      "DELETE /*+ SET_VAR(foreign_key_checks = OFF) */ FROM outbox_events WHERE id = ?";

  // The SQL mode accepts values that the table already holds, such as zero dates, but truncates
  // nothing.
  private static final String INSERT =
      """
      INSERT /*+ SET_VAR(time_zone = '+00:00')
        SET_VAR(sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES') */
      INTO outbox_events (%s) VALUES (%s)""";

  private static final String DELETE = "DELETE FROM outbox_events WHERE id = ?";

  private final Connection connection;
  private final String read;
  private final String insert;
  private final String clear;

  private Reinsertion(Connection connection, String read, String insert, String clear) {
    this.connection = connection;
    this.read = read;
    this.insert = insert;
    this.clear = clear;
  }

  /** Reads the columns of the table. The transaction must already hold locks on rows of it. */
  static Reinsertion on(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    List<String> inserted = new ArrayList<>();
    List<String> selected = new ArrayList<>();
    List<String> variables = new ArrayList<>();
    StringBuilder conditions = new StringBuilder();
    try (Statement statement = connection.createStatement()) {
      statement.executeQuery(ALL_READABLE).close();
      try (ResultSet columns = statement.executeQuery(COLUMNS)) {
        while (columns.next()) {
          Column column = new Column(columns.getString("name"), columns.getString("type"));
          String variable = "@sluice_" + variables.size();
          names.add(column.quoted());
          inserted.add(column.isReset() ? column.resetTo() : variable);
          if (!column.isReset()) {
            selected.add(column.selected());
            variables.add(variable);
          }
          conditions.append(column.condition());
        }
      }
    }
    return new Reinsertion(
        connection,
        READ.formatted(String.join(", ", selected), String.join(", ", variables), conditions),
        INSERT.formatted(String.join(", ", names), String.join(", ", inserted)),
        "SET " + String.join(" = NULL, ", variables) + " = NULL");
  }

  /** A column that is not generated. */
  private record Column(String name, String type) {

    String quoted() {
      return "`" + name.replace("`", "``") + "`";
    }

    private boolean is(String other) {
      return name.equalsIgnoreCase(other);
    }

    private boolean isJson() {
      return type.toLowerCase(Locale.ROOT).equals("json");
    }

    boolean isReset() {
      return !resetTo().isEmpty();
    }

    String resetTo() {
      return switch (name.toLowerCase(Locale.ROOT)) {
        case OutboxTable.STATUS -> "'PENDING'";
        case OutboxTable.RETRY_COUNT -> "0";
        case OutboxTable.LAST_ERROR, OutboxTable.PUBLISHED_AT -> "NULL";
        case OutboxTable.UPDATED_AT -> "UTC_TIMESTAMP(6)";
        default -> "";
      };
    }

    String selected() {
      if (is(OutboxTable.HEADERS)) {
        return COUNTED_HEADERS.formatted(quoted(), RecordHeaders.REDRIVE);
      }
      return isJson() ? "CONVERT(%s USING utf8mb4)".formatted(quoted()) : quoted();
    }

    String condition() {
      return (is(OutboxTable.HEADERS) ? HAS_HEADERS.formatted(quoted()) : "")
          + (isJson() ? IS_TEXT.formatted(quoted()) : "");
    }
  }

  /** Deletes a locked row and inserts it again. */
  void reinsert(String id) throws SQLException {
    if (execute(read, id) != 1) {
      throw new PassedOverException(
          new Refused(
              "the row of %s cannot be inserted again: its headers are no JSON object, or a JSON"
                      .formatted(id)
                  + " column has values from SQL functions that text cannot represent, such as"
                  + " decimals; correct the row, or redrive it by hand"));
    }
    requireDeleted(execute(DELETE_TO_INSERT, id), id);
    try (Statement statement = connection.createStatement()) {
      // The statement is not prepared, because the types of the variables can change from row to
      // row.
      statement.executeUpdate(insert);
    }
  }

  /** Deletes a locked row. */
  void delete(String id) throws SQLException {
    requireDeleted(execute(DELETE, id), id);
  }

  private static void requireDeleted(int rows, String id) {
    if (rows != 1) {
      throw new IllegalStateException("the row of %s is locked but does not exist".formatted(id));
    }
  }

  private int execute(String sql, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      statement.execute();
      return statement.getUpdateCount();
    }
  }

  /** Clears the session variables, which hold the values of the last row. */
  @Override
  public void close() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(clear);
    }
  }
}
