package io.sluice.relay.schema;

import io.sluice.relay.schema.SqlTokens.TableName;
import java.util.Optional;

/** Reads the name of the table into which a statement inserts. */
final class InsertTarget {

  private InsertTarget() {}

  /** The table; empty if the statement is no insert. */
  static Optional<TableName> of(String database, String statement) {
    SqlTokens sql = SqlTokens.begin(statement);
    if (sql.skip("INSERT", "REPLACE")) {
      sql.skip("LOW_PRIORITY", "DELAYED", "HIGH_PRIORITY");
      sql.skip("IGNORE");
      sql.skip("INTO");
      return Optional.of(sql.tableName(database));
    }
    if (sql.skip("LOAD")) {
      while (!sql.isAtEnd()) {
        if (sql.skipAll("INTO", "TABLE")) {
          return Optional.of(sql.tableName(database));
        }
        sql.name();
      }
    }
    return Optional.empty();
  }
}
