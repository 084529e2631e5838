package io.sluice.repository;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.EventPayload;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.ShardId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads events of one shard. */
final class EventQuery {

  private static final String COLUMNS =
      """
      SELECT id, domain, event_type, aggregate_type, aggregate_id, event_data, headers, status,
        retry_count, max_retries, last_error, created_at, updated_at, published_at
      FROM outbox_events
      """;

  // Left alone the server may walk through the whole table in the order of ids instead.
  private static final String WAITING =
      COLUMNS
          + """
          FORCE INDEX (outbox_events_status)
          WHERE status = ? AND published_at IS NULL ORDER BY id LIMIT ?
          """;

  private static final String BY_ID = COLUMNS + "WHERE id = ?";

  private EventQuery() {}

  /** The oldest that are not published, with this status. */
  static List<StoredEvent> waiting(
      Connection connection, ShardId shard, OutboxStatus status, int limit) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(WAITING)) {
      select.setString(1, status.name());
      select.setInt(2, limit);
      try (ResultSet rows = select.executeQuery()) {
        List<StoredEvent> events = new ArrayList<>();
        while (rows.next()) {
          events.add(event(shard, rows));
        }
        return List.copyOf(events);
      }
    }
  }

  static Optional<StoredEvent> byId(Connection connection, EventKey key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(BY_ID)) {
      select.setString(1, key.id());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(event(key.shard(), row)) : Optional.empty();
      }
    }
  }

  private static StoredEvent event(ShardId shard, ResultSet row) throws SQLException {
    String headers = row.getString("headers");
    return new StoredEvent(
        new EventKey(shard, row.getString("id")),
        EventDomain.of(row.getString("domain")),
        row.getString("event_type"),
        row.getString("aggregate_type"),
        row.getString("aggregate_id"),
        new EventPayload.Bytes(row.getBytes("event_data")),
        headers == null ? EventHeaders.NONE : EventHeaders.fromJson(headers),
        new Delivery(
            OutboxStatus.valueOf(row.getString("status")),
            row.getInt("retry_count"),
            row.getInt("max_retries"),
            Optional.ofNullable(row.getString("last_error")),
            moment(row.getObject("updated_at", LocalDateTime.class)).orElse(Instant.EPOCH),
            moment(row.getObject("published_at", LocalDateTime.class))),
        moment(row.getObject("created_at", LocalDateTime.class)).orElse(Instant.EPOCH));
  }

  private static Optional<Instant> moment(@Nullable LocalDateTime utc) {
    return Optional.ofNullable(utc).map(moment -> moment.toInstant(ZoneOffset.UTC));
  }
}
