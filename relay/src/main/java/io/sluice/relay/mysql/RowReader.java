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
 * Reads single rows with a locking read, so that it sees only committed data. It does not wait for
 * a lock that another transaction holds.
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

  /** State of a row at the time of the read. */
  public sealed interface Found {

    /**
     * The row is committed and not yet handled.
     *
     * @param attempts number of failed attempts of its handlers
     */
    record Waiting(OutboxRow row, int attempts) implements Found {}

    /** The row is committed, but is not a valid event. */
    record Unreadable(String id, String reason) implements Found {}

    /** The row is committed and is PUBLISHED or FAILED. */
    record Settled() implements Found {}

    /** An open transaction holds a lock on the row. */
    record Locked() implements Found {}

    /** The row does not exist: it was rolled back or deleted. */
    record Missing() implements Found {}
  }

  /** Reads the row with this id in the connection's current transaction. */
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

  /**
   * The current time if the table has no such column. The binlog would have the time of the commit.
   */
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

  /** The session uses utf8mb4, so text has the same bytes as in the binlog. */
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
