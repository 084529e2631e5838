package io.sluice.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.OutboxTable;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Reads rows that are not valid events. */
@SandboxTest
class InvalidRowIT {

  private static final ShardId ZERO = ShardId.of(0);
  private static final ShardId ONE = ShardId.of(1);

  private final Database zero;
  private final Database one;
  private final OutboxRepository repository;

  InvalidRowIT(Sandbox sandbox) {
    zero = sandbox.database("zero");
    one = sandbox.database("one");
    repository =
        new OutboxRepository(
            ShardDataSources.of(Map.of(ZERO, zero.dataSource(), ONE, one.dataSource())));
  }

  @BeforeEach
  void makeTables() throws SQLException {
    for (Database database : List.of(zero, one)) {
      database.run("DROP TABLE IF EXISTS outbox_events");
      database.run(OutboxTable.ddl());
      for (String id : List.of("1", "2", "3")) {
        database.run(
            """
            INSERT INTO outbox_events (id, domain, event_type, aggregate_type, aggregate_id,
              event_data, headers, status, last_error, created_at, updated_at)
            VALUES ('%s', 'CHAT', 'said', 'room', '7', '{"text": "Größe"}',
              '{"tenant": "secret"}', 'FAILED', 'set aside', '2026-01-02 03:04:05.678901',
              UTC_TIMESTAMP(6))"""
                .formatted(id));
      }
    }
  }

  private void change(String id, String assignment) throws SQLException {
    zero.run(
        "SET sql_mode = ''; UPDATE outbox_events SET %s WHERE id = '%s'".formatted(assignment, id));
  }

  private InvalidRow found(String id) {
    return assertInstanceOf(
        InvalidRow.class, repository.find(new EventKey(ZERO, id)).orElseThrow());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          domain = 'chat room'         | domain 'chat room' does not match
          headers = '["secret"]'       | headers must be one JSON object whose values are strings
          headers = '{"tenant": 7}'    | headers must be one JSON object whose values are strings
          headers = '{" ": "secret"}'  | header has a blank name
          status = 'FAILED '           | status 'FAILED ' is not one of [PENDING, RETRY, PUBLISHED, FAILED]
          created_at = 0               | created_at '0000-00-00 00:00:00.000000' is not a valid time
          updated_at = '2026-02-00'    | updated_at '2026-02-00 00:00:00.000000' is not a valid time
          """)
  void anInvalidRowIsReturnedWithTheOthers(String assignment, String problem) throws SQLException {
    change("2", assignment);

    ShardResults<List<StoredRow>> failed = repository.failed(10).orThrow();

    assertEquals(3, Objects.requireNonNull(failed.values().get(ONE)).size());
    List<StoredRow> rows = Objects.requireNonNull(failed.values().get(ZERO));
    assertEquals(List.of("1", "2", "3"), rows.stream().map(row -> row.key().id()).toList());
    assertInstanceOf(StoredEvent.class, rows.get(0));
    assertInstanceOf(StoredEvent.class, rows.get(2));
    InvalidRow invalid = assertInstanceOf(InvalidRow.class, rows.get(1));
    assertTrue(invalid.problem().contains(problem), invalid.problem());
    assertFalse(invalid.toString().contains("secret"), invalid.toString());
    assertEquals(invalid, found("2"));
  }

  @Test
  void columnsAreReturnedAsStored() throws SQLException {
    change("2", "domain = 'x', headers = NULL, status = 'HELD'");

    Map<String, String> columns = found("2").columns();

    assertEquals("x", columns.get("domain"));
    assertEquals("HELD", columns.get("status"));
    assertEquals("{\"text\": \"Größe\"}", columns.get("event_data"));
    assertEquals("set aside", columns.get("last_error"));
    assertEquals("2026-01-02 03:04:05.678901", columns.get("created_at"));
    assertFalse(columns.containsKey("headers"));
  }

  @Test
  void eventThrowsWithKeyAndProblem() throws SQLException {
    change("2", "status = 'HELD'");

    String message =
        String.valueOf(
            assertThrows(IllegalStateException.class, () -> found("2").event()).getMessage());

    assertTrue(message.startsWith("event 2 of shard '0' is not a valid event: "), message);
    assertTrue(message.contains("status 'HELD' is not one of"), message);
    assertTrue(message.contains("correct the row"), message);
  }

  @Test
  void columnsOfOtherTypesAreRead() throws SQLException {
    zero.run(
        """
        ALTER TABLE outbox_events MODIFY event_data LONGTEXT NULL, MODIFY retry_count VARCHAR(9);
        UPDATE outbox_events SET event_data = NULL WHERE id = '2';
        UPDATE outbox_events SET retry_count = 'many' WHERE id = '3'""");

    assertEquals(3, repository.failed(ZERO, 10).size());
    assertEquals("column 'event_data' is NULL", found("2").problem());
    assertEquals("retry_count 'many' is not a number", found("3").problem());
  }
}
