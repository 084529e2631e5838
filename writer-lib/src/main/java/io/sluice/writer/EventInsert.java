package io.sluice.writer;

import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxEvent;
import io.sluice.outbox.OutboxStatus;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;

/** Inserts one or more events with one statement. */
final class EventInsert {

  private static final String INSERT =
      """
      INSERT INTO outbox_events
        (id, domain, event_type, aggregate_type, aggregate_id, event_data, headers,
         status, retry_count, max_retries, created_at, updated_at, last_error, published_at)
      VALUES\s""";

  // Names every column: with binlog_row_image=MINIMAL the binlog has only named columns, and the
  // relay needs the whole row.
  private static final String ROW = "(?, ?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, NULL, NULL)";

  private EventInsert() {}

  static void execute(Connection connection, List<EventRow> rows) {
    String sql = INSERT + String.join(", ", Collections.nCopies(rows.size(), ROW));
    try (PreparedStatement insert = connection.prepareStatement(sql)) {
      int column = 1;
      for (EventRow row : rows) {
        column = bind(insert, column, row.event(), row.payload());
      }
      insert.executeUpdate();
    } catch (SQLException e) {
      throw new EventInsertException(rows.stream().map(EventRow::event).toList(), e);
    }
  }

  private static int bind(
      PreparedStatement insert, int firstColumn, OutboxEvent event, EventPayload.Stored payload)
      throws SQLException {
    // The driver would convert a Timestamp to the session's time zone, but not a LocalDateTime.
    LocalDateTime createdAt = LocalDateTime.ofInstant(event.createdAt(), ZoneOffset.UTC);
    int column = firstColumn;
    insert.setString(column++, event.id().toString());
    insert.setString(column++, event.domain().name());
    insert.setString(column++, event.eventType());
    insert.setString(column++, event.aggregateType());
    insert.setString(column++, event.aggregateId());
    bindPayload(insert, column++, payload);
    if (event.headers().isEmpty()) {
      insert.setNull(column++, Types.VARCHAR);
    } else {
      insert.setString(column++, event.headers().toJson());
    }
    insert.setString(column++, OutboxStatus.PENDING.name());
    insert.setInt(column++, event.maxRetries());
    insert.setObject(column++, createdAt);
    insert.setObject(column++, createdAt);
    return column;
  }

  private static void bindPayload(PreparedStatement insert, int column, EventPayload.Stored payload)
      throws SQLException {
    if (payload instanceof EventPayload.Bytes bytes) {
      insert.setBytes(column, bytes.bytes());
    } else if (payload instanceof EventPayload.Json json) {
      insert.setString(column, json.text());
    } else {
      insert.setString(column, ((EventPayload.Text) payload).text());
    }
  }
}
