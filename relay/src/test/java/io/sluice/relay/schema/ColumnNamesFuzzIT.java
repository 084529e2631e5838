package io.sluice.relay.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.relay.schema.SqlTokens.TableName;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Compares the derived names with those of a server, after thousands of generated statements. */
@Tag("fault")
@SandboxTest
class ColumnNamesFuzzIT {

  private static final int ACCEPTED = Integer.getInteger("sluice.fuzz.statements", 3_000);
  private static final int MAX_COLUMNS = 14;
  private static final String CREATE =
      "CREATE TABLE t (a INT, b VARCHAR(20), filler INT, c VARCHAR(36), d INT, INDEX present (filler))";

  @Test
  void derivesTheOrderThatTheServerHas(Sandbox sandbox) throws SQLException {
    long seed = Long.getLong("sluice.fuzz.seed", System.nanoTime());
    Database database = sandbox.database("fuzz");
    RandomAlters alters = new RandomAlters(seed);
    ColumnNames names = new ColumnNames(false);
    int accepted = 0;
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement()) {
      run(statement, CREATE);
      names.apply(database.name(), CREATE);
      for (int tried = 0; accepted < ACCEPTED; tried++) {
        assertTrue(tried < 20 * ACCEPTED, "too few statements are valid");
        List<String> columns = columns(statement);
        if (columns.size() > MAX_COLUMNS) {
          run(statement, "DROP TABLE t");
          run(statement, CREATE);
          names.apply(database.name(), "DROP TABLE t");
          names.apply(database.name(), CREATE);
          columns = columns(statement);
        }
        List<String> changeable = new ArrayList<>(columns);
        changeable.remove("filler");
        String sql = "ALTER TABLE t " + alters.clauses(columns, changeable);
        if (run(statement, sql)) {
          accepted++;
          names.apply(database.name(), sql);
          assertEquals(
              columns(statement),
              names.of(new TableName(database.name(), "t")).orElseThrow(),
              () -> "seed " + seed + ": " + sql);
        }
      }
    }
  }

  private static boolean run(Statement statement, String sql) {
    try {
      statement.execute(sql);
      return true;
    } catch (SQLException e) {
      return false; // the generator does not know all rules
    }
  }

  private static List<String> columns(Statement statement) throws SQLException {
    List<String> columns = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery("SHOW COLUMNS FROM t")) {
      while (rows.next()) {
        columns.add(rows.getString(1));
      }
    }
    return columns;
  }
}
