package io.sluice.writer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxTable;
import io.sluice.sandbox.junit.Database;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SandboxTest
class OutboxWriterIT {

  private record Order(String userId, BigDecimal amount, Instant at) {}

  /** Holds a reference to itself, so that no serializer gets to its end. */
  record Endless(List<Object> self) {
    static Endless create() {
      List<Object> inner = new ArrayList<>();
      inner.add(inner);
      return new Endless(inner);
    }
  }

  private final OutboxWriter writer = new OutboxWriter();
  private final Database database;

  OutboxWriterIT(Sandbox sandbox) throws SQLException {
    database = sandbox.database("shard");
    database.run(OutboxTable.ddl());
  }

  @BeforeEach
  void emptyTable() throws SQLException {
    database.run("DELETE FROM outbox_events");
  }

  private static OutboxEvent.Builder event() {
    return OutboxEvent.builder(EventDomain.PORTFOLIO, "order_created").aggregate("order", "7");
  }

  private Connection transaction() throws SQLException {
    Connection connection = database.connect();
    connection.setAutoCommit(false);
    return connection;
  }

  private String query(String expression) throws SQLException {
    try (Connection connection = database.connect();
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SELECT " + expression + " FROM outbox_events")) {
      return row.next() ? String.valueOf(row.getString(1)) : "(no row)";
    }
  }

  @Test
  void theDocumentedInsertMakesAnIdThatAscendsWithTime() throws SQLException, IOException {
    String page = Files.readString(Path.of("../docs/table.md"));
    int begin = page.indexOf("```sql\n") + "```sql\n".length();
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusMillis(1);
    database.run(page.substring(begin, page.indexOf("```", begin)));

    UUID id = UUID.fromString(query("id"));
    assertEquals(7, id.version());
    assertEquals(2, id.variant());
    assertEquals(id.toString(), query("id"), "lower case");
    Instant written = Instant.ofEpochMilli(id.getMostSignificantBits() >>> 16);
    assertFalse(written.isBefore(before), () -> written + " is before " + before);
    assertFalse(written.isAfter(Instant.now().plusMillis(1)), written::toString);
  }

  @Test
  void storesEveryFieldAsDocumented() throws SQLException {
    OutboxEvent event =
        event()
            .json("{\"b\": 100.00, \"a\": \"😀\"}")
            .header("tenant", "Zoë")
            .maxRetries(7)
            .createdAt(Instant.parse("2026-07-01T12:00:00.123456Z"))
            .build();

    try (Connection connection = transaction();
        Statement session = connection.createStatement()) {
      session.execute("SET time_zone = '+09:30'");
      writer.append(connection, event);
      connection.commit();
    }

    assertEquals(event.id().toString(), query("id"));
    assertEquals(
        "PORTFOLIO order_created order 7",
        query("CONCAT_WS(' ', domain, event_type, aggregate_type, aggregate_id)"));
    assertEquals("{\"b\": 100.00, \"a\": \"😀\"}", query("event_data"));
    assertEquals("Zoë", query("headers->>'$.tenant'"));
    assertEquals("PENDING 0 7", query("CONCAT_WS(' ', status, retry_count, max_retries)"));
    assertEquals(
        "2026-07-01 12:00:00.123456 2026-07-01 12:00:00.123456",
        query("CONCAT_WS(' ', CAST(created_at AS CHAR), CAST(updated_at AS CHAR))"));
    assertEquals("null", query("CONCAT(last_error, published_at)"));
  }

  @Test
  void serialisesObjectsWithoutLosingPrecision() throws SQLException {
    Order order =
        new Order("u1", new BigDecimal("100.00"), Instant.parse("2026-01-02T03:04:05.678Z"));

    try (Connection connection = transaction()) {
      writer.append(connection, event().payload(order).build());
      connection.commit();
    }

    assertEquals(
        "{\"userId\":\"u1\",\"amount\":100.00,\"at\":\"2026-01-02T03:04:05.678Z\"}",
        query("event_data"));
    assertEquals("null", query("headers"));
  }

  @Test
  void belongsToTheCallersTransaction() throws SQLException {
    try (Connection connection = transaction()) {
      writer.append(connection, event().json("{}").build());
      assertEquals("(no row)", query("id"));
      connection.rollback();
    }

    assertEquals("(no row)", query("id"));
  }

  @Test
  void leavesTheConnectionAsItWas() throws SQLException {
    try (Connection connection = transaction()) {
      connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);

      writer.append(connection, event().json("{}").build());

      assertFalse(connection.isClosed());
      assertFalse(connection.getAutoCommit());
      assertEquals(Connection.TRANSACTION_READ_COMMITTED, connection.getTransactionIsolation());
      connection.rollback();
    }
  }

  @Test
  void refusesAConnectionInAutocommitMode() throws SQLException {
    try (Connection connection = database.connect()) {
      TransactionRequiredException refused =
          assertThrows(
              TransactionRequiredException.class,
              () -> writer.append(connection, event().json("{}").build()));

      assertTrue(String.valueOf(refused.getMessage()).contains("connection.setAutoCommit(false)"));
    }
    assertEquals("(no row)", query("id"));
  }

  @Test
  void writesManyEventsInTheirOrder() throws SQLException {
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < 2_500; i++) {
      events.add(event().json("{\"n\":" + i + "}").build());
    }

    try (Connection connection = transaction()) {
      writer.append(connection, events);
      connection.commit();
    }

    assertEquals("2500", query("COUNT(*)"));
    assertEquals(
        "{\"n\":2499}", query("MAX(IF(id = '" + events.get(2_499).id() + "', event_data, NULL))"));
  }

  @Test
  void writesMoreThanOnePacketTakes() throws SQLException {
    List<OutboxEvent> events = new ArrayList<>();
    for (int i = 0; i < 70; i++) {
      events.add(event().json("\"" + "x".repeat(1 << 20) + "\"").build());
    }

    try (Connection connection = transaction()) {
      writer.append(connection, events);
      connection.commit();
    }

    assertEquals("70", query("COUNT(*)"));
  }

  @Test
  void takesJsonOfAnyDepthAndLength() throws SQLException {
    String deep = "[".repeat(5_000) + "1".repeat(5_000) + "]".repeat(5_000);

    try (Connection connection = transaction()) {
      writer.append(connection, event().json(deep).build());
      connection.commit();
    }

    assertEquals(deep, query("event_data"));
  }

  @Test
  void aClosedConnectionIsReportedAsSuch() throws SQLException {
    Connection closed = transaction();
    closed.close();

    EventInsertException refused =
        assertThrows(
            EventInsertException.class, () -> writer.append(closed, event().json("{}").build()));

    assertTrue(String.valueOf(refused.getMessage()).contains("closed"), refused.getMessage());
  }

  @Test
  void appendingNothingDoesNothing() throws SQLException {
    try (Connection connection = transaction()) {
      writer.append(connection, List.of());
      connection.commit();
    }

    assertEquals("0", query("COUNT(*)"));
  }

  @Test
  void refusesTextThatIsNotOneJsonValueBeforeAnythingIsWritten() throws SQLException {
    OutboxEvent correct = event().json("{}").build();
    try (Connection connection = transaction()) {
      for (String text :
          List.of("", "{\"secret\":", "{} {}", "{'a':1}", "nonsense", "\"\ud83d\"")) {
        OutboxEvent wrong = event().json(text).build();
        PayloadException refused =
            assertThrows(
                PayloadException.class, () -> writer.append(connection, correct, wrong), text);

        assertEquals(wrong.id(), refused.eventId());
        String message = String.valueOf(refused.getMessage());
        assertTrue(message.contains("order_created of PORTFOLIO"), message);
        assertFalse(message.contains("secret"), message);
      }
      connection.commit();
    }
    assertEquals("0", query("COUNT(*)"));
  }

  @Test
  void namesThePayloadThatCannotBeSerialised() throws SQLException {
    OutboxEvent endless = event().payload(Endless.create()).build();

    try (Connection connection = transaction()) {
      PayloadException refused =
          assertThrows(PayloadException.class, () -> writer.append(connection, endless));

      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains(endless.id().toString()), message);
      assertTrue(message.contains("Endless cannot be serialised"), message);
    }
  }

  @Test
  void namesAnIdThatWasWrittenBefore() throws SQLException {
    UUID id = UUID.randomUUID();
    try (Connection connection = transaction()) {
      writer.append(connection, event().id(id).json("{}").build());

      EventInsertException refused =
          assertThrows(
              EventInsertException.class,
              () -> writer.append(connection, event().id(id).json("{}").build()));

      assertEquals(List.of(id), refused.eventIds());
      assertInstanceOf(SQLIntegrityConstraintViolationException.class, refused.getCause());
      assertTrue(String.valueOf(refused.getMessage()).contains("use a new id"));
    }
  }

  @Test
  void saysHowToMakeAMissingTable(Sandbox sandbox) throws SQLException {
    try (Connection connection = sandbox.database("without_table").connect()) {
      connection.setAutoCommit(false);

      EventInsertException refused =
          assertThrows(
              EventInsertException.class,
              () -> writer.append(connection, event().json("{}").build()));

      assertTrue(String.valueOf(refused.getMessage()).contains("OutboxTable.ddl()"));
    }
  }

  @Test
  void textIsStoredAsItIsAndBytesWhereTheColumnTakesThem() throws SQLException {
    append(writer, event().payload("no JSON: Größe").build());
    assertEquals("no JSON: Größe", query("event_data"));

    database.run("DELETE FROM outbox_events; ALTER TABLE outbox_events MODIFY event_data LONGBLOB");
    try {
      append(writer, event().payload(new byte[] {0, -1, 7}).build());
      assertEquals("00FF07", query("HEX(event_data)"));
    } finally {
      database.run(
          "DELETE FROM outbox_events; ALTER TABLE outbox_events MODIFY event_data LONGTEXT"
              + " CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL");
    }
  }

  private void append(OutboxWriter through, OutboxEvent... events) throws SQLException {
    try (Connection connection = transaction()) {
      through.append(connection, events);
      connection.commit();
    }
  }

  @Test
  void aSerializerOfTheServicesOwnMakesWhatIsStored() throws SQLException {
    OutboxWriter own =
        OutboxWriter.builder()
            .serializer(value -> new EventPayload.Text("<order>" + value + "</order>"))
            .build();

    append(own, event().payload(Instant.EPOCH).build());

    assertEquals("<order>1970-01-01T00:00:00Z</order>", query("event_data"));
  }

  @Test
  void headersOfTheSurroundingsAreAddedAndDoNotReplaceTheEventsOwn() throws SQLException {
    OutboxWriter tracing =
        OutboxWriter.builder()
            .headers(
                event ->
                    Map.of("traceparent", "00-" + event.aggregateId(), "tenant", "of the thread"))
            .build();

    append(tracing, event().json("{}").header("tenant", "own").build());

    assertEquals("00-7", query("headers->>'$.traceparent'"));
    assertEquals("own", query("headers->>'$.tenant'"));
  }

  @Test
  void anEventThatNoTopicTakesIsRefusedBeforeAnythingIsWritten() throws SQLException {
    OutboxWriter small = OutboxWriter.builder().maxEventBytes(20).build();
    OutboxEvent fits = event().payload("ö".repeat(9)).header("a", "b").build();
    OutboxEvent tooLarge = event().payload("ö".repeat(9)).header("a", "bc").build();

    try (Connection connection = transaction()) {
      EventTooLargeException refused =
          assertThrows(
              EventTooLargeException.class, () -> small.append(connection, fits, tooLarge));
      assertEquals(tooLarge.id(), refused.eventId());
      assertEquals(21, refused.bytes());
      connection.commit();
    }
    assertEquals("(no row)", query("id"));
    append(small, fits);
    assertEquals(fits.id().toString(), query("id"));
  }

  /** Statements and round trips are what a connection's status counts. */
  @Test
  void aThousandEventsAreOneStatement() throws SQLException {
    List<OutboxEvent> events =
        IntStream.range(0, 1_000).mapToObj(i -> event().json("{}").build()).toList();
    try (Connection connection = transaction()) {
      long before = statements(connection);
      writer.append(connection, events);
      assertEquals(1, statements(connection) - before - 1, "but for the question itself");
      connection.commit();
    }
    assertEquals("1000", query("COUNT(*)"));
  }

  private static long statements(Connection connection) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery("SHOW SESSION STATUS LIKE 'Questions'")) {
      row.next();
      return row.getLong(2);
    }
  }
}
