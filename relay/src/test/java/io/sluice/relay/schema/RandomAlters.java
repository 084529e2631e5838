package io.sluice.relay.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Generates ALTER TABLE statements of one to five clauses. Not every statement is valid: names are
 * chosen from those before and after the other clauses, because that is where rules differ.
 */
public final class RandomAlters {

  private static final List<String> TYPES =
      List.of(
          "VARCHAR(36) NOT NULL DEFAULT 'x, y'",
          "INT NULL COMMENT 'it''s FIRST, AFTER `all`'",
          "DECIMAL(10,2) DEFAULT (1 + (2 * 3))",
          "ENUM('a','b,c)') NULL",
          "VARCHAR(20) AS (JSON_VALUE('{}', '$.a' RETURNING CHAR(20))) STORED",
          "INT /* , DROP COLUMN a */ UNSIGNED INVISIBLE",
          "VARCHAR(9) CHARACTER SET latin1 COLLATE latin1_bin /*!50606 NULL */",
          "INT CHECK (1 < 2)");

  private final Random random;

  public RandomAlters(long seed) {
    this.random = new Random(seed);
  }

  /**
   * Generates the clauses of a statement.
   *
   * @param columns the columns of the table
   * @param changeable those of them that may be renamed or dropped
   */
  public String clauses(List<String> columns, List<String> changeable) {
    List<String> known = new ArrayList<>(columns);
    List<String> free = new ArrayList<>(changeable);
    List<String> clauses = new ArrayList<>();
    int count = 1 + random.nextInt(5);
    for (int i = 0; i < count; i++) {
      clauses.add(clause(known, free));
    }
    return String.join(random.nextBoolean() ? ", " : "\n,", clauses);
  }

  private String clause(List<String> known, List<String> free) {
    switch (random.nextInt(free.isEmpty() ? 4 : 9)) {
      case 0, 1 -> {
        String name = freshName();
        String clause = "ADD " + column() + quoted(name) + " " + type() + position(known);
        known.add(name);
        return clause;
      }
      case 2 -> {
        return "ADD COLUMN (" + quoted(freshName()) + " INT, " + quoted(freshName()) + " INT NULL)";
      }
      case 3 -> {
        return List.of(
                "ALTER INDEX present VISIBLE",
                "COMMENT 'ADD COLUMN z INT, DROP COLUMN y'",
                "ADD INDEX (filler)",
                "ADD CONSTRAINT CHECK (filler > 0 OR 'first' <> 'after')",
                "ADD INDEX ((filler + 1))")
            .get(random.nextInt(5));
      }
      case 4 -> {
        return "DROP " + column() + quoted(anyOf(free));
      }
      case 5 -> {
        return "MODIFY " + column() + quoted(anyOf(free)) + " " + type() + position(known);
      }
      case 6 -> {
        String name = newName(known);
        String clause =
            "CHANGE " + column() + quoted(anyOf(free)) + " " + quoted(name) + " " + type();
        String position = position(known);
        known.add(name);
        return clause + position;
      }
      default -> {
        String name = newName(known);
        String clause = "RENAME COLUMN " + quoted(anyOf(free)) + " TO " + quoted(name);
        known.add(name);
        return clause;
      }
    }
  }

  /** The name of another column, so that columns are swapped, or a new one. */
  private String newName(List<String> known) {
    return random.nextBoolean() ? anyOf(known) : freshName();
  }

  private String freshName() {
    return List.of("first", "after", "c", "Column x", "k`q", "AND", "ä").get(random.nextInt(7))
        + random.nextInt(50);
  }

  private String column() {
    return random.nextBoolean() ? "COLUMN " : "";
  }

  private String type() {
    return TYPES.get(random.nextInt(TYPES.size()));
  }

  private String position(List<String> known) {
    return switch (random.nextInt(4)) {
      case 0 -> " FIRST";
      case 1, 2 -> " AFTER " + quoted(anyOf(known));
      default -> "";
    };
  }

  private String anyOf(List<String> names) {
    String name = names.get(random.nextInt(names.size()));
    return random.nextInt(8) == 0 ? name.toUpperCase(java.util.Locale.ROOT) : name;
  }

  private static String quoted(String name) {
    return "`" + name.replace("`", "``") + "`";
  }
}
