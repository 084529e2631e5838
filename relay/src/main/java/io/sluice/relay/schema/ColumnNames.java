package io.sluice.relay.schema;

import io.sluice.relay.schema.SqlTokens.TableName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The names of the columns of tables, in their order, as they follow from the statements in the
 * binlog. An ALTER is applied as the server applies it: positions and names of all its clauses
 * refer to the whole table, not to the result of the clauses before. Everything else about a column
 * is in the binlog with the rows. Used by one thread.
 */
final class ColumnNames {

  /** Reserved words with which a part of a definition begins that is not a column. */
  private static final String[] NO_COLUMN = {
    "INDEX",
    "KEY",
    "FULLTEXT",
    "SPATIAL",
    "UNIQUE",
    "PRIMARY",
    "CONSTRAINT",
    "FOREIGN",
    "CHECK",
    "PARTITION"
  };

  private final boolean isFolded;
  private final Map<TableName, List<String>> tables = new HashMap<>();

  /**
   * Names of no table.
   *
   * @param isFolded whether the server compares names of databases and tables without case
   */
  ColumnNames(boolean isFolded) {
    this.isFolded = isFolded;
  }

  /** Whether a statement may change tables, judged by its first word. */
  static boolean mayChange(String statement) {
    return SqlTokens.begin(statement).peek("ALTER", "CREATE", "RENAME", "DROP")
        || statement.startsWith("/*!"); // older servers skip what is in such a comment
  }

  /** The names of a table's columns; empty if they are unknown. */
  Optional<List<String>> of(TableName table) {
    return Optional.ofNullable(tables.get(key(table)));
  }

  void put(TableName table, List<String> columns) {
    tables.put(key(table), List.copyOf(columns));
  }

  /** The name by which the server knows a table. */
  TableName key(TableName table) {
    return isFolded ? new TableName(lower(table.database()), lower(table.table())) : table;
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  /**
   * Applies a statement.
   *
   * @param database the default database of the statement
   * @return the tables whose columns it may have changed
   */
  Set<TableName> apply(String database, String statement) {
    Set<TableName> changed = new LinkedHashSet<>();
    List<SqlTokens> readings = SqlTokens.readings(statement);
    Map<TableName, List<String>> before = readings.size() > 1 ? Map.copyOf(tables) : Map.of();
    apply(database, readings.get(0), changed);
    for (SqlTokens other : readings.subList(1, readings.size())) {
      ColumnNames names = new ColumnNames(isFolded);
      names.tables.putAll(before);
      names.apply(database, other, changed);
      // If the readings differ, the names are unknown.
      tables.entrySet().retainAll(names.tables.entrySet());
    }
    return changed;
  }

  private void apply(String database, SqlTokens sql, Set<TableName> changed) {
    if (sql.skip("ALTER")) {
      sql.skip("IGNORE", "ONLINE", "OFFLINE");
      if (sql.skip("TABLE")) {
        alter(sql, database, changed);
      }
    } else if (sql.skip("CREATE")) {
      if (sql.skip("TABLE")) {
        create(sql, database, changed);
      }
    } else if (sql.skip("RENAME")) {
      if (sql.skip("TABLE", "TABLES")) {
        rename(sql, database, changed);
      }
    } else if (sql.skip("DROP")) {
      drop(sql, database, changed);
    }
  }

  private void create(SqlTokens sql, String database, Set<TableName> changed) {
    boolean mayExist = sql.skipAll("IF", "NOT", "EXISTS");
    TableName table = key(sql.tableName(database));
    if (mayExist && tables.containsKey(table)) {
      return; // it exists, so the statement changed nothing
    }
    changed.add(table);
    tables.remove(table);
    if (sql.skip("LIKE") || sql.skipAll("(", "LIKE")) {
      of(sql.tableName(database)).ifPresent(columns -> put(table, columns));
    } else if (sql.skip("(")) {
      List<String> columns = columns(sql.parts());
      if (!sql.contains("SELECT")) {
        put(table, columns);
      }
    }
  }

  private static List<String> columns(List<SqlTokens> parts) {
    List<String> columns = new ArrayList<>();
    for (SqlTokens part : parts) {
      if (!part.peek(NO_COLUMN) && !part.isAtEnd()) {
        columns.add(part.name());
      }
    }
    return columns;
  }

  private void rename(SqlTokens sql, String database, Set<TableName> changed) {
    do {
      TableName from = key(sql.tableName(database));
      sql.skip("TO");
      move(from, key(sql.tableName(database)), changed);
    } while (sql.skip(","));
  }

  private void move(TableName from, TableName to, Set<TableName> changed) {
    changed.add(from);
    changed.add(to);
    tables.remove(to);
    Optional.ofNullable(tables.remove(from)).ifPresent(columns -> put(to, columns));
  }

  private void drop(SqlTokens sql, String database, Set<TableName> changed) {
    if (sql.skip("DATABASE", "SCHEMA")) {
      sql.skipAll("IF", "EXISTS");
      String dropped = key(new TableName(sql.name(), "")).database();
      tables.keySet().removeIf(table -> table.database().equals(dropped) && changed.add(table));
    } else if (sql.skip("TABLE", "TABLES")) {
      sql.skipAll("IF", "EXISTS");
      do {
        TableName table = key(sql.tableName(database));
        tables.remove(table);
        changed.add(table);
      } while (sql.skip(","));
    }
  }

  private void alter(SqlTokens sql, String database, Set<TableName> changed) {
    TableName table = key(sql.tableName(database));
    Alteration alteration = new Alteration();
    Optional<TableName> renamed = Optional.empty();
    for (SqlTokens clause : sql.parts()) {
      if (clause.skip("RENAME") && !clause.peek("COLUMN", "INDEX", "KEY")) {
        clause.skip("TO", "AS", "=");
        renamed = Optional.of(key(clause.tableName(database)));
      } else {
        alteration.add(clause);
      }
    }
    if (alteration.concernsColumns()) {
      changed.add(table);
      of(table).map(alteration::applied).ifPresent(columns -> put(table, columns));
    }
    renamed.ifPresent(name -> move(table, name, changed));
  }

  /** The clauses of one ALTER TABLE that concern columns. */
  private static final class Alteration {

    /**
     * A column that is added, changed or moved.
     *
     * @param after the column before it; an empty text for the first position
     */
    private record Definition(String name, Optional<String> after) {}

    private final Map<String, String> renamed = new HashMap<>();
    private final Set<String> dropped = new LinkedHashSet<>();
    private final List<Definition> positioned = new ArrayList<>();

    void add(SqlTokens clause) {
      if (clause.skip("COLUMN")) {
        renameColumn(clause); // the word RENAME was read
      } else if (clause.skip("ADD")) {
        addColumns(clause);
      } else if (clause.skip("DROP")) {
        if (!clause.peek(NO_COLUMN)) {
          clause.skip("COLUMN");
          dropped.add(lower(clause.name()));
        }
      } else if (clause.skip("MODIFY")) {
        clause.skip("COLUMN");
        String name = clause.name();
        change(name, name, clause);
      } else if (clause.skip("CHANGE")) {
        clause.skip("COLUMN");
        change(clause.name(), clause.name(), clause);
      }
    }

    private void renameColumn(SqlTokens clause) {
      String name = clause.name();
      clause.skip("TO");
      renamed.put(lower(name), clause.name());
    }

    private void addColumns(SqlTokens clause) {
      if (clause.peek(NO_COLUMN)) {
        return;
      }
      clause.skip("COLUMN");
      if (clause.skip("(")) {
        columns(clause.parts())
            .forEach(name -> positioned.add(new Definition(name, Optional.empty())));
      } else {
        positioned.add(new Definition(clause.name(), position(clause)));
      }
    }

    private void change(String name, String newName, SqlTokens clause) {
      Optional<String> position = position(clause);
      renamed.put(lower(name), newName);
      if (position.isPresent()) {
        positioned.add(new Definition(newName, position));
      }
    }

    private static Optional<String> position(SqlTokens clause) {
      Optional<String> after = clause.after("AFTER");
      return after.isEmpty() && clause.contains("FIRST") ? Optional.of("") : after;
    }

    boolean concernsColumns() {
      return !(renamed.isEmpty() && dropped.isEmpty() && positioned.isEmpty());
    }

    /** All columns have their new names before the first is moved. */
    List<String> applied(List<String> columns) {
      List<String> result = new ArrayList<>();
      for (String column : columns) {
        if (!dropped.contains(lower(column))) {
          result.add(renamed.getOrDefault(lower(column), column));
        }
      }
      for (Definition definition : positioned) {
        result.removeIf(name -> lower(name).equals(lower(definition.name())));
        result.add(
            definition.after().map(after -> indexAfter(after, result)).orElse(result.size()),
            definition.name());
      }
      return result;
    }

    private static int indexAfter(String after, List<String> columns) {
      for (int i = 0; i < columns.size(); i++) {
        if (lower(columns.get(i)).equals(lower(after))) {
          return i + 1;
        }
      }
      return after.isEmpty() ? 0 : columns.size();
    }
  }
}
