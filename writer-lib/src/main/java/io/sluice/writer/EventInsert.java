package io.sluice.writer;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.MySqlErrors;
import io.sluice.outbox.OutboxEvent;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Inserts one or more events with one statement. */
final class EventInsert {

  private static final String INSERT =
      """
      INSERT INTO outbox_events
        (id, domain, event_type, aggregate_type, aggregate_id, event_data, headers,
         status, retry_count, max_retries, created_at, updated_at, last_error, published_at)
      VALUES\s""";

  // The driver and the session convert and escape strings by their own settings, such as
  // characterEncoding and sql_mode, and so do server-side prepared statements with bytes. None of
  // them changes hexadecimal digits.
  private static final String BYTES = "UNHEX(CONVERT(? USING ascii))";

  private static final String TEXT = "CONVERT(" + BYTES + " USING utf8mb4)";

  // Names every column: with binlog_row_image=MINIMAL the binlog has only named columns, and the
  // relay needs the whole row.
  private static final String ROW =
      "(?, ?, %1$s, %1$s, %1$s, %2$s, %1$s, 'PENDING', 0, ?, ?, ?, NULL, NULL)";

  private static final String ROW_OF_TEXT = ROW.formatted(TEXT, TEXT);
  private static final String ROW_OF_BYTES = ROW.formatted(TEXT, BYTES);

  private static final HexFormat HEX = HexFormat.of();

  private EventInsert() {}

  static void execute(Connection connection, List<EventRow> rows) {
    try (PreparedStatement insert = connection.prepareStatement(sql(rows))) {
      int column = 1;
      for (EventRow row : rows) {
        column = bind(insert, column, row.event(), row.payload());
      }
      insert.executeUpdate();
      requireUnchanged(insert.getWarnings());
    } catch (SQLException e) {
      throw new EventInsertException(rows.stream().map(EventRow::event).toList(), e);
    }
  }

  private static String sql(List<EventRow> rows) {
    return rows.stream()
        .map(row -> row.payload() instanceof EventPayload.Bytes ? ROW_OF_BYTES : ROW_OF_TEXT)
        .collect(Collectors.joining(", ", INSERT, ""));
  }

  private static int bind(
      PreparedStatement insert, int firstColumn, OutboxEvent event, EventPayload.Stored payload)
      throws SQLException {
    // The driver would convert a Timestamp to the session's time zone, but not a LocalDateTime.
    LocalDateTime createdAt = LocalDateTime.ofInstant(event.createdAt(), ZoneOffset.UTC);
    int column = firstColumn;
    insert.setString(column++, event.id().toString());
    insert.setString(column++, event.domain().name());
    insert.setString(column++, hex(event.eventType()));
    insert.setString(column++, hex(event.aggregateType()));
    insert.setString(column++, hex(event.aggregateId()));
    insert.setString(column++, hex(payload));
    insert.setString(column++, event.headers().isEmpty() ? null : hex(event.headers().toJson()));
    insert.setInt(column++, event.maxRetries());
    insert.setObject(column++, createdAt);
    insert.setObject(column++, createdAt);
    return column;
  }

  private static String hex(EventPayload.Stored payload) {
    if (payload instanceof EventPayload.Bytes bytes) {
      return HEX.formatHex(bytes.bytes());
    }
    return hex(
        payload instanceof EventPayload.Json json
            ? json.text()
            : ((EventPayload.Text) payload).text());
  }

  private static String hex(String text) {
    return HEX.formatHex(text.getBytes(StandardCharsets.UTF_8));
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
