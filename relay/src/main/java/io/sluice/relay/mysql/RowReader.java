package io.sluice.relay.mysql;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads single rows from their table, such that what it reads is committed: by a locking read that
 * does not wait for whoever holds the row.
 */
public final class RowReader {

  private static final int ER_LOCK_NOWAIT = 3572;
  private static final int DEFAULT_MAX_RETRIES = 3;

  private final ShardTable table;
  private final IdColumn ids;
  private final String query;

  private RowReader(ShardTable table, IdColumn ids) {
    this.table = table;
    this.ids = ids;
    this.query =
        "SELECT * FROM %s WHERE %s = ? FOR SHARE NOWAIT"
            .formatted(TableSql.fill("{table}", table), TableSql.fill("{id}", table));
  }

  public static RowReader open(Connection connection, ShardTable table) throws SQLException {
    return new RowReader(table, IdColumn.of(connection, table));
  }

  /** What a row is at this moment. */
  public sealed interface Found {

    /**
     * Committed, and nobody has dealt with it.
     *
     * @param attempts how often its handlers have failed with it
     */
    record Waiting(OutboxRow row, int attempts) implements Found {}

    /** Committed, and no event. */
    record Unreadable(String id, String reason) implements Found {}

    /** Committed, and published or given up by somebody. */
    record Settled() implements Found {}

    /** Held by a transaction that is not decided yet. */
    record Locked() implements Found {}

    /** Not there: rolled back, or removed. */
    record Missing() implements Found {}
  }

  /** Reads the row with this id, in the connection's present transaction. */
  public Found read(Connection connection, String id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(query)) {
      select.setObject(1, ids.toColumn(id));
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? found(row, id) : new Found.Missing();
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == ER_LOCK_NOWAIT) {
        return new Found.Locked();
      }
      throw e;
    }
  }

  private Found found(ResultSet row, String id) throws SQLException {
    Optional<String> status = text(row, OutboxTable.STATUS);
    if (status.isPresent() && !status.get().equals("PENDING") && !status.get().equals("RETRY")) {
      return new Found.Settled();
    }
    try {
      return new Found.Waiting(
          event(row, id), text(row, OutboxTable.RETRY_COUNT).map(Integer::valueOf).orElse(0));
    } catch (IllegalArgumentException e) {
      return new Found.Unreadable(id, String.valueOf(e.getMessage()));
    }
  }

  private OutboxRow event(ResultSet row, String id) throws SQLException {
    TableLayout layout = table.layout();
    Optional<EventDomain> fixed = layout.domain();
    return new OutboxRow(
        new RowOrigin(table.shard(), "", false),
        id,
        fixed.isPresent() ? fixed.get() : EventDomain.of(mandatory(row, OutboxTable.DOMAIN)),
        mandatory(row, OutboxTable.EVENT_TYPE),
        mandatory(row, OutboxTable.AGGREGATE_TYPE),
        mandatory(row, OutboxTable.AGGREGATE_ID),
        payload(row),
        text(row, OutboxTable.HEADERS).map(EventHeaders::fromJson).orElse(EventHeaders.NONE),
        text(row, OutboxTable.MAX_RETRIES).map(Integer::valueOf).orElse(DEFAULT_MAX_RETRIES),
        createdAt(row));
  }

  /** Where the table has no such column, now: the binary log would have the time of the commit. */
  private Instant createdAt(ResultSet row) throws SQLException {
    if (table.layout().column(OutboxTable.CREATED_AT).isEmpty()) {
      return Instant.now();
    }
    @Nullable LocalDateTime created =
        row.getObject(column(OutboxTable.CREATED_AT), LocalDateTime.class);
    if (created == null) {
      throw new IllegalArgumentException("column '%s' is NULL".formatted(OutboxTable.CREATED_AT));
    }
    return created.toInstant(ZoneOffset.UTC);
  }

  /** The driver's session has utf8mb4, so text arrives as the bytes that the binary log has. */
  private byte[] payload(ResultSet row) throws SQLException {
    byte @Nullable [] bytes = row.getBytes(column(OutboxTable.EVENT_DATA));
    if (bytes == null) {
      throw new IllegalArgumentException("column '%s' is NULL".formatted(OutboxTable.EVENT_DATA));
    }
    return bytes;
  }

  private String mandatory(ResultSet row, String column) throws SQLException {
    return text(row, column)
        .orElseThrow(() -> new IllegalArgumentException("column '%s' is NULL".formatted(column)));
  }

  private Optional<String> text(ResultSet row, String column) throws SQLException {
    return table.layout().column(column).isEmpty()
        ? Optional.empty()
        : Optional.ofNullable(row.getString(column(column)));
  }

  private String column(String column) {
    return table.layout().column(column).orElseThrow();
  }
}
