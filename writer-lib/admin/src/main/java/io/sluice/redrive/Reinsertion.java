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
 * Deletes rows and inserts them again, which makes them events once more: the same but for the
 * columns of delivery and the count of redrives. Of one transaction, which rolls back what fails.
 *
 * <p>A row does not leave the server. Between deletion and insertion it is in variables of the
 * session, since only they take values as they are without a privilege: a second row needs another
 * id, and a temporary table a grant. The table is the one that is there: columns that Sluice does
 * not know are taken along, those the server computes are left to it.
 */
final class Reinsertion implements AutoCloseable {

  // Read in the transaction, when it holds rows of the table: nobody alters it until its end.
  private static final String COLUMNS =
      """
      SELECT column_name AS name, data_type AS type FROM information_schema.columns
      WHERE table_schema = DATABASE() AND table_name = 'outbox_events'
        AND COALESCE(generation_expression, '') = ''
      ORDER BY ordinal_position""";

  // The schema shows only those columns that the account may read. This fails if it may not all.
  private static final String ALL_READABLE = "SELECT * FROM outbox_events LIMIT 0";

  // The zone is for TIMESTAMP columns: in others an hour of the year comes twice.
  private static final String READ =
      """
      SELECT /*+ SET_VAR(time_zone = '+00:00') */ %s INTO %s
      FROM outbox_events WHERE id = ?%s""";

  private static final String COUNTED_HEADERS =
      """
      CONVERT(JSON_SET(COALESCE(%1$s, JSON_OBJECT()), '$."%2$s"',
        CAST(COALESCE(JSON_UNQUOTE(JSON_EXTRACT(%1$s, '$."%2$s"')), 0) + 1 AS CHAR)) USING utf8mb4)""";

  private static final String HAS_HEADERS = "\n  AND COALESCE(JSON_TYPE(%s), 'OBJECT') = 'OBJECT'";

  // Values that SQL functions put into JSON, such as decimals, are lost in text.
  private static final String IS_TEXT =
      """

        AND COALESCE(CONVERT(CAST(CONVERT(%1$s USING utf8mb4) AS JSON) USING utf8mb4), '')
          COLLATE utf8mb4_bin = COALESCE(CONVERT(%1$s USING utf8mb4), '')""";

  // Whoever refers to the row refers to it afterwards; a cascade would take that away.
  private static final String DELETE_TO_INSERT =
      "DELETE /*+ SET_VAR(foreign_key_checks = OFF) */ FROM outbox_events WHERE id = ?";

  // The mode lets in what the table holds already, such as dates of zero, and nothing shortened.
  private static final String INSERT =
      """
      INSERT /*+ SET_VAR(time_zone = '+00:00')
        SET_VAR(sql_mode = 'STRICT_ALL_TABLES,NO_AUTO_VALUE_ON_ZERO,ALLOW_INVALID_DATES') */
      INTO outbox_events (%s) VALUES (%s)""";

  private static final String DELETE = "DELETE FROM outbox_events WHERE id = ?";

  private final Connection connection;
  private final String read;
  private final String insert;
  private final String forget;

  private Reinsertion(Connection connection, String read, String insert, String forget) {
    this.connection = connection;
    this.read = read;
    this.insert = insert;
    this.forget = forget;
  }

  /** For the table as it is; the connection holds locks on rows of it. */
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

  /** One that is not computed. */
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

  /** Sends a row's event again. */
  void again(String id) throws SQLException {
    if (execute(read, id) != 1) {
      throw new PassedOverException(
          new Refused(
              "the row of %s cannot be inserted again as it stands: its headers are no JSON object,"
                      .formatted(id)
                  + " or a JSON column has values that SQL functions made and text cannot hold,"
                  + " such as decimals; correct the row, or redrive it by hand"));
    }
    requireDeleted(execute(DELETE_TO_INSERT, id), id);
    try (Statement statement = connection.createStatement()) {
      // Not prepared: a variable's type may change from row to row.
      statement.executeUpdate(insert);
    }
  }

  /** Gives a row's event up. */
  void delete(String id) throws SQLException {
    requireDeleted(execute(DELETE, id), id);
  }

  private static void requireDeleted(int rows, String id) {
    if (rows != 1) {
      throw new IllegalStateException("the row of %s is locked but gone".formatted(id));
    }
  }

  private int execute(String sql, String id) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, id);
      statement.execute();
      return statement.getUpdateCount();
    }
  }

  /** Lets the server forget the rows' contents. */
  @Override
  public void close() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(forget);
    }
  }
}
