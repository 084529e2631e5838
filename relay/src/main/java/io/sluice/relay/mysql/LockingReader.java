package io.sluice.relay.mysql;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.EventHeaders;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.shard.OutboxRow;
import io.sluice.relay.shard.RowOrigin;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.shard.TableLayout;
import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Reads single rows with a locking read, so that it sees only committed data. It does not wait for
 * a lock that another transaction holds.
 */
public final class LockingReader {

  private static final int ER_LOCK_NOWAIT = 3572;
  private static final int UUID_BYTES = 16;

  private final ShardTable table;
  private final boolean hasBinaryIds;
  private final String query;

  private LockingReader(ShardTable table, boolean hasBinaryIds) {
    this.table = table;
    this.hasBinaryIds = hasBinaryIds;
    this.query =
        "SELECT * FROM %s WHERE %s = ? FOR SHARE NOWAIT"
            .formatted(
                TableAccess.quoted(table.layout().table()),
                TableAccess.quoted(column(table, OutboxTable.ID)));
  }

  /** Opens a reader. It finds out how a table that is only relayed stores its ids. */
  public static LockingReader open(Connection connection, ShardTable table) throws SQLException {
    if (table.layout().hasDelivery()) {
      return new LockingReader(table, false);
    }
    String id = column(table, OutboxTable.ID);
    return new LockingReader(
        table,
        TableColumn.of(connection, table).stream()
            .anyMatch(
                column -> column.name().equalsIgnoreCase(id) && column.type().contains("binary")));
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
    record Invalid(String reason) implements Found {}

    /** An open transaction holds a lock on the row. */
    record Locked() implements Found {}

    /** The row was rolled back or deleted, or is PUBLISHED or FAILED. */
    record Nothing() implements Found {}
  }

  /** Reads the row with this id in the connection's current transaction. */
  public Found read(Connection connection, String id) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(query)) {
      select.setObject(1, hasBinaryIds ? bytes(UUID.fromString(id)) : id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? found(row, id) : new Found.Nothing();
      }
    } catch (SQLException e) {
      if (e.getErrorCode() == ER_LOCK_NOWAIT) {
        return new Found.Locked();
      }
      throw e;
    }
  }

  private static byte[] bytes(UUID id) {
    return ByteBuffer.allocate(UUID_BYTES)
        .putLong(id.getMostSignificantBits())
        .putLong(id.getLeastSignificantBits())
        .array();
  }

  private Found found(ResultSet row, String id) throws SQLException {
    if (text(row, OutboxTable.STATUS).filter(OutboxRow::isFinished).isPresent()) {
      return new Found.Nothing();
    }
    try {
      return new Found.Waiting(
          event(row, id), text(row, OutboxTable.RETRY_COUNT).map(Integer::valueOf).orElse(0));
    } catch (IllegalArgumentException e) {
      return new Found.Invalid(String.valueOf(e.getMessage()));
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
        table.layout().column(OutboxTable.MAX_RETRIES).isEmpty()
            ? OutboxRow.DEFAULT_MAX_RETRIES
            : Integer.parseInt(mandatory(row, OutboxTable.MAX_RETRIES)),
        createdAt(row));
  }

  /**
   * The current time if the table has no such column. The binlog would have the time of the commit.
   */
  private Instant createdAt(ResultSet row) throws SQLException {
    if (table.layout().column(OutboxTable.CREATED_AT).isEmpty()) {
      return Instant.now();
    }
    return TableAccess.time(row, column(table, OutboxTable.CREATED_AT))
        .orElseThrow(() -> new IllegalArgumentException(OutboxRow.NO_DATE));
  }

  /** The session uses utf8mb4, so text has the same bytes as in the binlog. */
  private byte[] payload(ResultSet row) throws SQLException {
    byte @Nullable [] bytes = row.getBytes(column(table, OutboxTable.EVENT_DATA));
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
        : Optional.ofNullable(row.getString(column(table, column)));
  }

  private static String column(ShardTable table, String column) {
    return table.layout().column(column).orElseThrow();
  }
}
