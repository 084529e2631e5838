package io.sluice.writer;

import static io.sluice.writer.WriterTable.event;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.sandbox.junit.Sandbox;
import io.sluice.sandbox.junit.SandboxTest;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The row of a written event. */
@SandboxTest
class StoredEventIT {

  private record Order(String userId, BigDecimal amount, Instant at) {}

  private final OutboxWriter writer = new OutboxWriter();
  private final WriterTable table;

  StoredEventIT(Sandbox sandbox) throws SQLException {
    table = WriterTable.in(sandbox.database("shard"));
  }

  @Test
  void theDocumentedInsertMakesATimeOrderedId() throws SQLException, IOException {
    String page = Files.readString(Path.of("../docs/table.md"));
    int section = page.indexOf("## Inserting without the library");
    int begin = page.indexOf("```sql\n", section) + "```sql\n".length();
    Instant before = Instant.now().truncatedTo(ChronoUnit.MILLIS).minusMillis(1);
    table.database().run(page.substring(begin, page.indexOf("```", begin)));

    UUID id = UUID.fromString(table.query("id"));
    assertEquals(7, id.version());
    assertEquals(2, id.variant());
    assertEquals(id.toString(), table.query("id"), "lower case");
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

    try (Connection connection = table.transaction();
        Statement session = connection.createStatement()) {
      session.execute("SET time_zone = '+09:30'");
      writer.append(connection, event);
      connection.commit();
    }

    assertEquals(event.id().toString(), table.query("id"));
    assertEquals(
        "PORTFOLIO order_created order 7",
        table.query("CONCAT_WS(' ', domain, event_type, aggregate_type, aggregate_id)"));
    assertEquals("{\"b\": 100.00, \"a\": \"😀\"}", table.query("event_data"));
    assertEquals("Zoë", table.query("headers->>'$.tenant'"));
    assertEquals("PENDING 0 7", table.query("CONCAT_WS(' ', status, retry_count, max_retries)"));
    assertEquals(
        "2026-07-01 12:00:00.123456 2026-07-01 12:00:00.123456",
        table.query("CONCAT_WS(' ', CAST(created_at AS CHAR), CAST(updated_at AS CHAR))"));
    assertEquals("null", table.query("CONCAT(last_error, published_at)"));
  }

  @Test
  void serialisesObjectsWithoutLosingPrecision() throws SQLException {
    Order order =
        new Order("u1", new BigDecimal("100.00"), Instant.parse("2026-01-02T03:04:05.678Z"));

    try (Connection connection = table.transaction()) {
      writer.append(connection, event().payload(order).build());
      connection.commit();
    }

    assertEquals(
        "{\"userId\":\"u1\",\"amount\":100.00,\"at\":\"2026-01-02T03:04:05.678Z\"}",
        table.query("event_data"));
    assertEquals("null", table.query("headers"));
  }

  @Test
  void storesJsonOfAnyDepthAndLength() throws SQLException {
    String deep = "[".repeat(5_000) + "1".repeat(5_000) + "]".repeat(5_000);

    try (Connection connection = table.transaction()) {
      writer.append(connection, event().json(deep).build());
      connection.commit();
    }

    assertEquals(deep, table.query("event_data"));
  }

  @Test
  void textIsStoredUnchangedAndBytesInABinaryColumn() throws SQLException {
    table.append(writer, event().payload("no JSON: Größe").build());
    assertEquals("no JSON: Größe", table.query("event_data"));

    table
        .database()
        .run("DELETE FROM outbox_events; ALTER TABLE outbox_events MODIFY event_data LONGBLOB");
    table.append(writer, event().payload(new byte[] {0, -1, 7}).build());
    assertEquals("00FF07", table.query("HEX(event_data)"));
  }

  @Test
  void aCustomSerializerMakesThePayload() throws SQLException {
    OutboxWriter own =
        OutboxWriter.builder()
            .serializer(value -> new EventPayload.Text("<order>" + value + "</order>"))
            .build();

    table.append(own, event().payload(Instant.EPOCH).build());

    assertEquals("<order>1970-01-01T00:00:00Z</order>", table.query("event_data"));
  }

  @Test
  void addedHeadersDoNotReplaceThoseOfTheEvent() throws SQLException {
    OutboxWriter tracing =
        OutboxWriter.builder()
            .headers(
                event ->
                    Map.of("traceparent", "00-" + event.aggregateId(), "tenant", "of the thread"))
            .build();

    table.append(tracing, event().json("{}").header("tenant", "own").build());

    assertEquals("00-7", table.query("headers->>'$.traceparent'"));
    assertEquals("own", table.query("headers->>'$.tenant'"));
  }
}
