package io.sluice.writer;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.MySqlErrors;
import io.sluice.outbox.OutboxEvent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Inserts one or more events with one statement. */
final class EventInsert {

  private static final String INSERT =
      """
      INSERT INTO outbox_events
        (id, domain, event_type, aggregate_type, aggregate_id, event_data, headers,
         status, retry_count, max_retries, created_at, updated_at, last_error, published_at)
      VALUES\s""";

  // Microseconds, as the column stores them.
  private static final DateTimeFormatter UTC =
      DateTimeFormatter.ofPattern("''uuuu-MM-dd HH:mm:ss.SSSSSS''").withZone(ZoneOffset.UTC);

  private static final HexFormat HEX = HexFormat.of();

  private EventInsert() {}

  static void execute(Connection connection, List<EventRow> rows) {
    try (Statement insert = connection.createStatement()) {
      insert.executeUpdate(sql(rows));
      requireUnchanged(insert.getWarnings());
    } catch (SQLException e) {
      throw new EventInsertException(rows.stream().map(EventRow::event).toList(), e);
    }
  }

  /**
   * Writes all values into the statement: the driver and the session convert and escape parameters
   * by their own settings, such as characterEncoding and sql_mode, and parse a large statement with
   * parameters slowly. Free text is written as hexadecimal digits, which need no escaping.
   */
  private static String sql(List<EventRow> rows) {
    return rows.stream().map(EventInsert::values).collect(Collectors.joining(", ", INSERT, ""));
  }

  // Names every column: with binlog_row_image=MINIMAL the binlog has only named columns, and the
  // relay needs the whole row.
  private static String values(EventRow row) {
    OutboxEvent event = row.event();
    String createdAt = UTC.format(event.createdAt());
    return Stream.of(
            "'" + event.id() + "'",
            "'" + event.domain().name() + "'",
            text(event.eventType()),
            text(event.aggregateType()),
            text(event.aggregateId()),
            payload(row.payload()),
            event.headers().isEmpty() ? "NULL" : text(event.headers().toJson()),
            "'PENDING'",
            "0",
            String.valueOf(event.maxRetries()),
            createdAt,
            createdAt,
            "NULL",
            "NULL")
        .collect(Collectors.joining(", ", "(", ")"));
  }

  private static String payload(EventPayload.Stored payload) {
    if (payload instanceof EventPayload.Bytes bytes) {
      return hex(bytes.bytes());
    }
    return text(
        payload instanceof EventPayload.Json json
            ? json.text()
            : ((EventPayload.Text) payload).text());
  }

  private static String text(String text) {
    return "_utf8mb4 " + hex(text.getBytes(StandardCharsets.UTF_8));
  }

  private static String hex(byte[] bytes) {
    return "x'" + HEX.formatHex(bytes) + "'";
  }

  /** Without a strict SQL mode, the server stores a value that does not fit cut, and warns. */
  private static void requireUnchanged(@Nullable SQLWarning first) throws SQLException {
    for (SQLWarning warning = first; warning != null; warning = warning.getNextWarning()) {
      if (MySqlErrors.isValueRefused(warning)) {
        throw warning;
      }
    }
  }
}
