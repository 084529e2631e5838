package io.sluice.writer;

import static io.sluice.writer.WriterTable.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.ShardDataSources;
import io.sluice.outbox.ShardId;
import io.sluice.sandbox.junit.Account;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLIntegrityConstraintViolationException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Events that the writer or the database refuses, and the exceptions. */
@SandboxTest
class RefusedEventIT {

  /** Contains a cycle, so it cannot be serialised. */
  record Endless(List<Object> self) {
    static Endless create() {
      List<Object> inner = new ArrayList<>();
      inner.add(inner);
      return new Endless(inner);
    }
  }

  private final OutboxWriter writer = new OutboxWriter();
  private final WriterTable table;

  RefusedEventIT(Sandbox sandbox) throws SQLException {
    table = WriterTable.in(sandbox.database("shard"));
  }

  @Test
  void refusesTextThatIsNotOneJsonValueBeforeAnythingIsWritten() throws SQLException {
    OutboxEvent correct = event().json("{}").build();
    try (Connection connection = table.transaction()) {
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
    assertEquals("0", table.query("COUNT(*)"));
  }

  @Test
  void namesThePayloadThatCannotBeSerialised() throws SQLException {
    OutboxEvent endless = event().payload(Endless.create()).build();

    try (Connection connection = table.transaction()) {
      PayloadException refused =
          assertThrows(PayloadException.class, () -> writer.append(connection, endless));

      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains(endless.id().toString()), message);
      assertTrue(message.contains("Endless cannot be serialised"), message);
    }
  }

  @Test
  @SuppressWarnings("NullAway") // the serializer is the mistake
  void namesTheEventWhoseSerializerReturnsNull() throws SQLException {
    OutboxWriter broken = OutboxWriter.builder().serializer(value -> null).build();
    OutboxEvent event = event().payload(List.of("secret")).build();

    try (Connection connection = table.transaction()) {
      PayloadException refused =
          assertThrows(PayloadException.class, () -> broken.append(connection, event));

      assertEquals(event.id(), refused.eventId());
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("the serializer returned null"), message);
      assertFalse(message.contains("secret"), message);
    }
  }

  @Test
  void theMessageDoesNotQuoteTheSerializersMessage() throws SQLException {
    IllegalStateException failure = new IllegalStateException("cannot write 'secret'");
    OutboxWriter broken =
        OutboxWriter.builder()
            .serializer(
                value -> {
                  throw failure;
                })
            .build();

    try (Connection connection = table.transaction()) {
      PayloadException refused =
          assertThrows(
              PayloadException.class,
              () -> broken.append(connection, event().payload(List.of()).build()));

      assertSame(failure, refused.getCause());
      String message = String.valueOf(refused.getMessage());
      assertTrue(message.contains("java.lang.IllegalStateException, see the cause"), message);
      assertFalse(message.contains("secret"), message);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ALTER TABLE outbox_events MODIFY event_data LONGTEXT CHARACTER SET ascii NOT NULL",
        "ALTER TABLE outbox_events ADD UNIQUE ((CAST(event_data AS CHAR(50))))"
      })
  void theMessageDoesNotQuoteThePayload(String change) throws SQLException {
    table.append(writer, event().payload("1").build());
    table.database().run("UPDATE outbox_events SET event_data = '1';" + change);
    try (Connection connection = table.transaction()) {
      EventInsertException refused =
          assertThrows(
              EventInsertException.class,
              () ->
                  writer.append(
                      connection,
                      event().payload("äsecret").build(),
                      event().payload("äsecret").build()));

      String quoted = String.valueOf(Objects.requireNonNull(refused.getCause()).getMessage());
      assertTrue(quoted.contains("secret") || quoted.contains("\\xC3\\xA4"), quoted);
      String message = String.valueOf(refused.getMessage());
      assertFalse(message.contains("secret") || message.contains("xA4"), message);
      assertTrue(message.contains("it refuses a value; see the cause"), message);
    }
  }

  @Test
  void namesAnIdThatExists() throws SQLException {
    UUID id = UUID.randomUUID();
    try (Connection connection = table.transaction()) {
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
  void saysHowToCreateAMissingTable(Sandbox sandbox) throws SQLException {
    try (Connection connection = sandbox.database("without_table").connect()) {
      connection.setAutoCommit(false);

      EventInsertException refused =
          assertThrows(
              EventInsertException.class,
              () -> writer.append(connection, event().json("{}").build()));

      assertTrue(String.valueOf(refused.getMessage()).contains("OutboxTable.ddl()"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "DROP COLUMN max_retries   | the table lacks a column: add it as in OutboxTable.ddl()",
        "ADD tenant INT NOT NULL   | a column that Sluice does not know has no value"
      })
  void saysHowToCorrectTheTable(String change, String advice) throws SQLException {
    table.database().run("ALTER TABLE outbox_events " + change);

    EventInsertException refused =
        assertThrows(
            EventInsertException.class, () -> table.append(writer, event().json("{}").build()));

    assertTrue(String.valueOf(refused.getMessage()).contains(advice), refused.getMessage());
  }

  @Test
  void saysHowToCorrectTheConnection(Sandbox sandbox) throws SQLException {
    Account reader =
        sandbox.account("reader", "SELECT ON `%s`.*".formatted(table.database().name()));
    try (Connection denied = reader.connect(table.database());
        Connection withoutDatabase = sandbox.mysql().connect()) {
      assertTrue(advice(denied).endsWith("grant the account INSERT on the table"));
      assertTrue(advice(withoutDatabase).contains("name the shard's database in its URL"));
    }
    try (Connection readOnly = table.transaction();
        Statement session = readOnly.createStatement()) {
      session.execute("START TRANSACTION READ ONLY");
      assertTrue(advice(readOnly).contains("begin a transaction that may write"));
    }
  }

  private String advice(Connection connection) throws SQLException {
    connection.setAutoCommit(false);
    EventInsertException refused =
        assertThrows(
            EventInsertException.class,
            () -> writer.append(connection, event().json("{}").build()));
    return String.valueOf(refused.getMessage());
  }

  @Test
  @SuppressWarnings("NullAway") // as callers without a null checker may do
  void aMissingValueIsNamed() throws SQLException {
    OutboxWriter withoutHeaders = OutboxWriter.builder().headers(event -> null).build();
    HeaderSource none = event -> Map.of();
    OutboxWriter withTwoSources = OutboxWriter.builder().headers(none.and(event -> null)).build();
    try (Connection connection = table.transaction()) {
      String call = "append(connection, events) was called with null as ";
      assertTrue(missing(() -> writer.append(connection, (OutboxEvent) null)).startsWith(call));
      assertTrue(
          missing(() -> writer.append(connection, (List<OutboxEvent>) null)).startsWith(call));
      for (OutboxWriter broken : List.of(withoutHeaders, withTwoSources)) {
        String message = missing(() -> broken.append(connection, event().json("{}").build()));
        assertTrue(message.contains("HeaderSource returned null: return an empty map"), message);
      }
    }
    OutboxService service =
        new OutboxService(
            ShardDataSources.of(Map.of(ShardId.GLOBAL, table.database().dataSource())), writer);
    String event = " was called with null as an event: pass a value";
    assertTrue(missing(() -> service.publish(ShardId.GLOBAL, (OutboxEvent) null)).endsWith(event));
    assertTrue(
        missing(
                () ->
                    service.runInTransaction(
                        ShardId.GLOBAL, (OutboxEvent) null, connection -> fail("it has run")))
            .endsWith(event));
    assertTrue(
        missing(() -> service.publishInTransaction(ShardId.GLOBAL, connection -> 1, one -> null))
            .endsWith(" was called with null as events: pass a value"));
    assertTrue(missing(() -> service.publish(null)).endsWith("null as shard: pass a value"));
    assertEquals("0", table.query("COUNT(*)"));
  }

  private static String missing(Executable call) {
    return String.valueOf(assertThrows(IllegalArgumentException.class, call).getMessage());
  }

  @Test
  void aClosedConnectionIsReported() throws SQLException {
    Connection closed = table.transaction();
    closed.close();

    EventInsertException refused =
        assertThrows(
            EventInsertException.class, () -> writer.append(closed, event().json("{}").build()));

    assertTrue(String.valueOf(refused.getMessage()).contains("closed"), refused.getMessage());
  }

  @Test
  void aTooLargeEventIsRefusedBeforeAnythingIsWritten() throws SQLException {
    OutboxWriter small = OutboxWriter.builder().maxEventBytes(20).build();
    OutboxEvent fits = event().payload("ö".repeat(9)).header("a", "b").build();
    OutboxEvent tooLarge = event().payload("ö".repeat(9)).header("a", "bc").build();

    try (Connection connection = table.transaction()) {
      EventTooLargeException refused =
          assertThrows(
              EventTooLargeException.class, () -> small.append(connection, fits, tooLarge));
      assertEquals(tooLarge.id(), refused.eventId());
      assertEquals(21, refused.bytes());
      connection.commit();
    }
    assertEquals("(no row)", table.query("id"));
    table.append(small, fits);
    assertEquals(fits.id().toString(), table.query("id"));
  }
}
