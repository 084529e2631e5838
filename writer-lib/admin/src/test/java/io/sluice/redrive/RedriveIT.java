package io.sluice.redrive;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.redrive.RedriveOutcome.Done;
import io.sluice.redrive.RedriveOutcome.NotFailed;
import io.sluice.redrive.RedriveOutcome.NotFound;
import io.sluice.redrive.RedriveOutcome.Refused;
import io.sluice.repository.EventKey;
import io.sluice.repository.OutboxRepository;
import io.sluice.repository.StoredEvent;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import io.sluice.writer.OutboxService;
import io.sluice.writer.OutboxWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Redrives one event and checks what its row keeps. */
@Tag("containers")
@SandboxTest
class RedriveIT {

  private static final ShardId SHARD = ShardId.of(0);
  private static final Set<String> DELIVERY =
      Set.of("status", "retry_count", "last_error", "updated_at", "published_at", "headers");

  private final Sandbox sandbox;
  private final ShardDataSources shards;
  private final Redrive redrive;
  private OutboxRows rows;

  RedriveIT(Sandbox sandbox) throws SQLException {
    this.sandbox = sandbox;
    rows = OutboxRows.in(sandbox.database("zero"));
    shards = ShardDataSources.of(Map.of(SHARD, rows.database().dataSource()));
    redrive = new Redrive(shards);
  }

  @BeforeEach
  void makeTable() throws SQLException {
    rows = OutboxRows.in(rows.database());
  }

  private static EventKey key(String id) {
    return new EventKey(SHARD, id);
  }

  @Test
  void aFailedEventIsInsertedAgainUnchanged() throws Exception {
    OutboxEvent event =
        OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created")
            .aggregate("order", "7")
            .json("{\"b\": 1,  \"symbol\": \"Größe 😀\", \"a\": 100.00}")
            .header("tenant", "Zoë")
            .maxRetries(5)
            .build();
    new OutboxService(shards, new OutboxWriter()).publish(SHARD, event);
    EventKey key = new EventKey(SHARD, event.id());
    String fail =
        """
        UPDATE outbox_events SET status = 'FAILED', retry_count = 5, last_error = 'e',
          updated_at = '2026-01-01'""";
    rows.run(fail);
    InsertedIds inserted = InsertedIds.fromNow(sandbox.mysql(), rows.database());
    Instant before = Instant.now().minusSeconds(1);

    assertEquals(new Done(0), redrive.redrive(key));

    StoredEvent again = new OutboxRepository(shards).find(key).orElseThrow().event();
    assertEquals("{\"b\": 1,  \"symbol\": \"Größe 😀\", \"a\": 100.00}", again.payloadText());
    assertEquals(Map.of("tenant", "Zoë", "outbox-redrive", "1"), again.headers().values());
    assertEquals(event.createdAt(), again.createdAt());
    assertEquals(OutboxStatus.PENDING, again.delivery().status());
    assertEquals(0, again.delivery().retryCount());
    assertEquals(5, again.delivery().maxRetries());
    assertEquals(Optional.empty(), again.delivery().lastError());
    assertTrue(again.delivery().updatedAt().isAfter(before));
    assertEquals(List.of(event.id().toString()), inserted.read());

    rows.run(fail);
    assertEquals(new Done(0), redrive.redrive(key));
    assertEquals(List.of(event.id() + " PENDING 0 2"), rows.states());
  }

  @Test
  void onlyFailedEventsAreChanged() throws SQLException {
    rows.published("1", "a").pending("2", "b").failed("3", "c");
    List<String> before = rows.states();

    assertEquals(new NotFailed("PUBLISHED"), redrive.redrive(key("1")));
    assertEquals(new NotFailed("PENDING"), redrive.discard(key("2")));
    assertEquals(new NotFound(), redrive.redrive(key("4")));
    assertThrows(IllegalArgumentException.class, () -> redrive.redrive(key("ä")));
    assertThrows(
        IllegalArgumentException.class,
        () -> redrive.redrive(new EventKey(ShardId.of("unknown"), "3")));
    assertEquals(before, rows.states());
  }

  @Test
  void aDiscardedEventIsGone() throws SQLException {
    rows.failed("1", "a").failed("2", "b").pending("3", "a");

    assertEquals(new Done(0), redrive.discard(key("1")));

    assertEquals(List.of("2 FAILED 3", "3 PENDING 3"), rows.states());
    assertEquals(new NotFound(), redrive.discard(key("1")));
  }

  @Test
  void columnsOfAnyTypeKeepTheirValues() throws SQLException {
    rows.run(
        """
        ALTER TABLE outbox_events
          ADD sequence BIGINT UNSIGNED NOT NULL AUTO_INCREMENT UNIQUE FIRST,
          ADD `odd``, name` VARCHAR(20) UNIQUE,
          ADD hidden VARCHAR(20) INVISIBLE,
          ADD amount DECIMAL(65, 30), ADD approximate FLOAT, ADD precise DOUBLE,
          ADD bits BIT(64), ADD kind ENUM('one', 'two'), ADD flags SET('x', 'y'),
          ADD bytes VARBINARY(300), ADD fixed BINARY(4), ADD western VARCHAR(20) CHARACTER SET latin1,
          ADD day DATE, ADD clock TIME(3), ADD moment TIMESTAMP(6) NULL, ADD seen YEAR,
          ADD place POINT SRID 4326, ADD document JSON, ADD nothing INT,
          ADD touched TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP,
          ADD computed INT AS (LENGTH(event_data)) VIRTUAL,
          ADD filed VARCHAR(300) AS (CONCAT(aggregate_type, '-', aggregate_id)) STORED;
        """);
    rows.failed("1", "7");
    rows.run(
        """
        SET sql_mode = 'NO_AUTO_VALUE_ON_ZERO', time_zone = '+00:00';
        UPDATE outbox_events SET sequence = 0, `odd``, name` = 'o', hidden = 'h',
          amount = 12345678901234567890123456789012345.123456789012345678901234567890,
          approximate = 16777215.0, precise = 0.1e-300, bits = 0xFFFFFFFFFFFFFFFE, kind = 'two',
          flags = 'x,y', bytes = 0x00FF27225C0A, fixed = 0x01, western = 'Größe',
          day = '0000-00-00', clock = '-838:59:58.123', moment = '2026-10-25 00:30:00.123456',
          seen = 2026, place = ST_GeomFromText('POINT(1 2)', 4326),
          document = '{"n": 18446744073709551615, "d": 1.0, "z": "Größe \\\\"😀", "l": [null, 1e100]}',
          touched = '2001-02-03 04:05:06';
        """);
    Map<String, String> before = row();
    assertEquals("1.6777215E7", before.get("exactly"));
    assertTrue(before.values().stream().filter("NULL"::equals).count() == 1, before::toString);

    assertEquals(new Done(0), redrive.redrive(key("1")));

    assertEquals(before, row());
    assertEquals(List.of("1 PENDING 0 1"), rows.states());
  }

  private Map<String, String> row() throws SQLException {
    Map<String, String> columns = new TreeMap<>();
    try (Connection connection = rows.database().connect();
        Statement statement = connection.createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT *, hidden, CAST(approximate AS DOUBLE) AS exactly FROM outbox_events")) {
      row.next();
      ResultSetMetaData names = row.getMetaData();
      for (int i = 1; i <= names.getColumnCount(); i++) {
        String name = names.getColumnLabel(i);
        if (!DELIVERY.contains(name)) {
          columns.put(name, name.equals("exactly") ? row.getString(i) : hex(row.getBytes(i)));
        }
      }
    }
    return columns;
  }

  private static String hex(byte @org.jspecify.annotations.Nullable [] bytes) {
    return bytes == null ? "NULL" : HexFormat.of().formatHex(bytes);
  }

  @Test
  void payloadsOfEachTypeAreKeptByteForByte() throws SQLException {
    rows.failed("1", "7");
    for (String change :
        List.of(
            "MODIFY event_data LONGBLOB NOT NULL; UPDATE outbox_events SET event_data ="
                + " REPEAT(0x00FF275C220A0D1AF09F98, 2000000)",
            "MODIFY event_data LONGTEXT NOT NULL; UPDATE outbox_events SET event_data ="
                + " CONCAT(' {\"a\":\\t\"😀\\\\\\'\", \"n\": 1.00}\\n ', REPEAT(' ', 20000000))",
            "MODIFY event_data JSON NOT NULL; UPDATE outbox_events SET event_data ="
                + " '{\"b\": 1.0, \"a\": [9007199254740993, 0.1, -0.0, \"Größe 😀\"]}'")) {
      rows.run("UPDATE outbox_events SET event_data = '{}'; ALTER TABLE outbox_events " + change);
      rows.run("UPDATE outbox_events SET status = 'FAILED'");
      String digest =
          "SELECT CONCAT_WS(' ', LENGTH(event_data), SHA2(event_data, 256)) FROM outbox_events";
      List<String> before = rows.texts(digest);

      assertEquals(new Done(0), redrive.redrive(key("1")), change);

      assertEquals(before, rows.texts(digest), change);
    }
  }

  /** MySQL can store decimals, times and bytes in JSON, which text cannot represent. */
  @Test
  void jsonThatTextCannotRepresentIsRefused() throws SQLException {
    rows.run("ALTER TABLE outbox_events MODIFY event_data JSON NOT NULL");
    rows.failed("1", "7");
    rows.run("UPDATE outbox_events SET event_data = JSON_OBJECT('a', CAST(1.50 AS DECIMAL(5, 2)))");

    Refused refused = assertInstanceOf(Refused.class, redrive.redrive(key("1")));

    assertTrue(refused.reason().contains("JSON column"), refused.reason());
    assertEquals(List.of("{\"a\": 1.50}"), rows.texts("SELECT event_data FROM outbox_events"));
    assertEquals(List.of("1 FAILED 3"), rows.states());
  }

  @Test
  void headersThatAreNoObjectAreRefused() throws SQLException {
    rows.failed("1", "7");
    rows.run("UPDATE outbox_events SET headers = '[\"a\"]'");

    Refused refused = assertInstanceOf(Refused.class, redrive.redrive(key("1")));

    assertTrue(refused.reason().contains("headers are no JSON object"), refused.reason());
    assertEquals(List.of("1 FAILED 3"), rows.states());
  }

  @Test
  void rowsThatReferenceTheEventStay() throws SQLException {
    rows.run(
        """
        CREATE TABLE reference (id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
          FOREIGN KEY (id) REFERENCES outbox_events (id) ON DELETE CASCADE)""");
    rows.failed("1", "7");
    rows.run("INSERT INTO reference VALUES ('1')");

    assertEquals(new Done(0), redrive.redrive(key("1")));
    assertEquals(List.of("1"), rows.texts("SELECT id FROM reference"));

    rows.run(
        """
        DROP TABLE reference; UPDATE outbox_events SET status = 'FAILED';
        CREATE TABLE reference (id CHAR(36) CHARACTER SET ascii COLLATE ascii_bin,
          FOREIGN KEY (id) REFERENCES outbox_events (id));
        INSERT INTO reference VALUES ('1')""");
    Refused refused = assertInstanceOf(Refused.class, redrive.discard(key("1")));
    assertTrue(refused.reason().contains("error 1451"), refused.reason());
  }
}
