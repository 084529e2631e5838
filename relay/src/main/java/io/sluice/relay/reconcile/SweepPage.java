package io.sluice.relay.reconcile;

import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.IdColumn;
import io.sluice.relay.mysql.RedriveColumn;
import io.sluice.relay.mysql.TableIndex;
import io.sluice.relay.mysql.TableSql;
import io.sluice.relay.shard.ShardTable;
import io.sluice.relay.state.EventCopy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the unfinished rows of a table page by page. A page reads a limited number of rows from the
 * server. Rows outside of the window are dropped here, because no index covers it.
 */
final class SweepPage {

  // Follows the index (status, published_at), whose entries end with the primary key, provided that
  // this is the id. Otherwise the server would sort all unfinished rows for each page.
  private static final String QUERY =
      """
      SELECT {id}, {domain_or_id}, {event_type}, {aggregate_type}, {created_at}, {updated_at}, %s FROM {table}%s
      WHERE {status} = ? AND {published_at} IS NULL AND {id} > ? AND {id} <= ?
      ORDER BY {id} LIMIT ?\
      """;

  private static final String LAST =
      """
      SELECT {id} FROM {table}%s WHERE {status} = ? AND {published_at} IS NULL
      ORDER BY {id} DESC LIMIT 1\
      """;

  private final ShardTable table;
  private final String query;

  SweepPage(ShardTable table) {
    this.table = table;
    String domain =
        table.layout().column(OutboxTable.DOMAIN).isPresent() ? OutboxTable.DOMAIN : OutboxTable.ID;
    this.query = QUERY.replace("domain_or_id", domain);
  }

  /**
   * The columns of a row that determine its topic and its time.
   *
   * @param createdAt empty if it is NULL or zero; then the row is unpublishable
   * @param insertedAt latest possible time of the insertion; a redrive inserts an old event again
   */
  record Candidate(
      EventCopy event,
      String domain,
      String eventType,
      String aggregateType,
      Optional<Instant> createdAt,
      Optional<Instant> insertedAt) {}

  /**
   * A range of ids to read.
   *
   * @param after last id that was read; empty at the start
   * @param upTo last id to read
   */
  record Range(Optional<String> after, String upTo) {}

  /**
   * A page that was read.
   *
   * @param rows number of rows, inside and outside of the window
   * @param candidates the rows inside the window
   * @param last id up to which no row has to be read again; empty if all rows are too young
   */
  record Read(int rows, List<Candidate> candidates, Optional<String> last) {
    Read {
      candidates = List.copyOf(candidates);
    }
  }

  /** The current last id with this status; empty if there is no such row. */
  Optional<String> last(Connection connection, String status) throws SQLException {
    IdColumn ids = IdColumn.of(connection, table);
    String statement = TableSql.fill(LAST.formatted(index(connection)), table);
    try (PreparedStatement select = connection.prepareStatement(statement)) {
      select.setString(1, status);
      try (ResultSet found = select.executeQuery()) {
        return found.next() ? Optional.of(ids.fromColumn(found, 1)) : Optional.empty();
      }
    } finally {
      connection.rollback();
    }
  }

  private String index(Connection connection) throws SQLException {
    return TableIndex.inQuery(
        connection, table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT, OutboxTable.ID);
  }

  /** Reads the next rows with this status by id, at most {@code most}. */
  Read read(Connection connection, String status, SweepWindow window, Range range, int most)
      throws SQLException {
    List<Candidate> rows = new ArrayList<>();
    IdColumn ids = IdColumn.of(connection, table);
    String statement =
        TableSql.fill(query.formatted(RedriveColumn.of(table), index(connection)), table);
    try (PreparedStatement select = connection.prepareStatement(statement)) {
      select.setString(1, status);
      select.setObject(2, range.after().map(ids::toColumn).orElse(""));
      select.setObject(3, ids.toColumn(range.upTo()));
      select.setInt(4, most);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(candidate(found, ids, status));
        }
      }
    }
    connection.rollback();
    return new Read(
        rows.size(),
        rows.stream().filter(row -> row.insertedAt().map(window::contains).orElse(true)).toList(),
        rows.stream()
            .filter(row -> !row.insertedAt().map(window::awaits).orElse(false))
            .reduce((earlier, later) -> later)
            .map(row -> row.event().id()));
  }

  /** Maps NULL to the empty name, which no event has. */
  private Candidate candidate(ResultSet row, IdColumn ids, String status) throws SQLException {
    Optional<String> domain = table.layout().domain().map(fixed -> fixed.name());
    EventCopy event = new EventCopy(ids.fromColumn(row, 1), row.getString(7));
    Optional<Instant> createdAt = moment(row, 5);
    // updated_at is the time of the redrive: any later update also changes the status.
    boolean isUpdatedAtInsertion =
        !event.redrive().equals(EventCopy.FIRST) && status.equals(OutboxStatus.PENDING.name());
    Optional<Instant> updatedAt = isUpdatedAtInsertion ? moment(row, 6) : Optional.empty();
    return new Candidate(
        event,
        domain.isPresent() ? domain.get() : Objects.toString(row.getString(2), ""),
        Objects.toString(row.getString(3), ""),
        Objects.toString(row.getString(4), ""),
        createdAt,
        createdAt.map(created -> updatedAt.filter(created::isBefore).orElse(created)));
  }

  private static Optional<Instant> moment(ResultSet row, int column) throws SQLException {
    return Optional.ofNullable(row.getObject(column, LocalDateTime.class))
        .map(moment -> moment.toInstant(ZoneOffset.UTC));
  }
}
