package io.sluice.relay.schema;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.sluice.relay.schema.SqlTokens.TableName;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ColumnNamesTest {

  private static final TableName TABLE = new TableName("trading", "outbox");

  private final ColumnNames names = new ColumnNames(false);

  @BeforeEach
  void create() {
    names.put(TABLE, List.of("id", "a", "b", "c"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "RENAME COLUMN a TO b, RENAME COLUMN b TO a | id b a c",
        "ADD k INT AFTER n, RENAME COLUMN b TO n | id a n k c",
        "CHANGE a b INT, CHANGE b a INT FIRST | a id b c",
        "ADD x INT FIRST, MODIFY b INT AFTER x | x b id a c",
        "DROP a, ADD a INT AFTER c | id b c a",
        "ADD (x INT, INDEX (x), y INT) | id a b c x y",
        "ADD x INT COMMENT 'FIRST, DROP b' AFTER `A` | id a x b c",
        "ADD x INT CHECK (x > 1 AND first < 2), DROP CHECK b, DROP KEY c | id a b c x",
        "DROP COLUMN a -- , DROP b | id b c",
        "DROP c /*!80000 , ALGORITHM = INPLACE */ | id a b",
        "ENGINE = InnoDB, COMMENT \"it's, DROP b\" | id a b c"
      })
  void alters(String clauses, String expected) {
    names.apply("trading", "/* by hand */ alter table outbox " + clauses);

    assertEquals(Optional.of(List.of(expected.split(" "))), names.of(TABLE));
  }

  @Test
  void followsCopiesAndSwaps() {
    names.apply("trading", "CREATE TABLE _outbox_gho LIKE outbox");
    names.apply("other", "ALTER TABLE trading._outbox_gho ADD x INT FIRST");
    Set<TableName> changed =
        names.apply("trading", "RENAME TABLE outbox TO _outbox_del, `_outbox_gho` TO `outbox`");

    assertEquals(Optional.of(List.of("x", "id", "a", "b", "c")), names.of(TABLE));
    assertEquals(3, changed.size());
    names.apply("trading", "DROP TABLE IF EXISTS outbox, _outbox_del");
    assertEquals(Optional.empty(), names.of(TABLE));
    names.apply("trading", "CREATE TABLE outbox (`a b` INT, KEY (`a b`), c INT DEFAULT (1 + 2))");
    assertEquals(Optional.of(List.of("a b", "c")), names.of(TABLE));
    names.apply("trading", "CREATE TABLE IF NOT EXISTS outbox (z INT)");
    assertEquals(Optional.of(List.of("a b", "c")), names.of(TABLE));
    names.apply("", "DROP DATABASE trading");
    assertEquals(Optional.empty(), names.of(TABLE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "CREATE INDEX i ON outbox (a)",
        "ALTER TABLE outbox ADD INDEX i (a), DROP KEY k, COMMENT 'ADD x INT', ENGINE = InnoDB",
        "CREATE TABLE IF NOT EXISTS outbox (z INT)",
        "DROP INDEX i ON outbox",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM outbox",
        "CREATE TEMPORARY TABLE outbox (z INT)",
        "CREATE VIEW alter_table AS SELECT * FROM outbox",
        "TRUNCATE TABLE outbox"
      })
  void leavesTheNamesAlone(String statement) {
    assertEquals(Set.of(), names.apply("trading", statement));
    assertEquals(Optional.of(List.of("id", "a", "b", "c")), names.of(TABLE));
  }

  /** The server's sql_mode and version decide, which are not known. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE outbox COMMENT 'C:\\', ADD x INT COMMENT ', DROP a'",
        "ALTER TABLE outbox /*!99999 DROP a, */ DROP b"
      })
  void namesThatDependOnTheServerAreUnknown(String statement) {
    assertEquals(Set.of(TABLE), names.apply("trading", statement));
    assertEquals(Optional.empty(), names.of(TABLE));
  }

  @Test
  void readsDeepAndLongStatements() {
    String deep = "(".repeat(100_000) + "1" + ")".repeat(100_000);
    names.apply("trading", "ALTER TABLE outbox ADD x INT AS (" + deep + ") FIRST, DROP a");
    names.apply("trading", "ALTER TABLE outbox COMMENT '" + "''".repeat(100_000) + "', DROP b");

    assertEquals(Optional.of(List.of("x", "id", "c")), names.of(TABLE));
  }
}
