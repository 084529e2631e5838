package io.sluice.examples;

import io.sluice.sandbox.junit.Database;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;

/** Looks into a test's database. */
public final class Queries {

  private Queries() {}

  /** The one value this query has, as text. */
  public static String value(Database database, String query) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(query)) {
      result.next();
      return String.valueOf(result.getString(1));
    }
  }

  /** How many rows a table has. */
  public static int rows(Database database, String table) throws SQLException {
    return Integer.parseInt(value(database, "SELECT COUNT(*) FROM " + table));
  }
}
