package io.sluice.relay.upkeep;

import io.sluice.outbox.OutboxTable;
import io.sluice.relay.repair.EventCopy;
import io.sluice.relay.repair.Repair.SweepGap;
import io.sluice.relay.shard.ShardTable;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/** Reads, page by page, the rows that nobody has dealt with yet. */
final class SweepPage {

  /** Begun long before their commit, or by a clock that goes wrong. */
  static final Duration SKEW = Duration.ofHours(1);

  // Follows the index (status, published_at), whose entries end with the primary key.
  private static final String QUERY =
      """
      SELECT {id}, {domain_or_id}, {event_type}, {aggregate_type}, {created_at}, %s FROM {table}
      WHERE {status} = ? AND {published_at} IS NULL AND {id} > ?
        AND {created_at} >= ? AND {created_at} <= ?
      ORDER BY {id} LIMIT ?""";

  private final ShardTable table;
  private final String query;

  SweepPage(ShardTable table) {
    this.table = table;
    String domain =
        table.layout().column(OutboxTable.DOMAIN).isPresent() ? OutboxTable.DOMAIN : OutboxTable.ID;
    this.query =
        TableSql.fill(
            QUERY.replace("domain_or_id", domain).formatted(RedriveColumn.of(table)), table);
  }

  /** What of a row says which topic it belongs to, and when. */
  record Candidate(
      EventCopy event, String domain, String eventType, String aggregateType, Instant createdAt) {}

  /**
   * Which rows are read.
   *
   * @param status of them
   * @param from the earliest creation
   * @param until the latest creation
   */
  record Window(String status, Instant from, Instant until) {

    static Window of(String status, SweepGap gap) {
      return new Window(
          status,
          gap.from().map(from -> from.minus(SKEW)).orElse(Instant.EPOCH),
          gap.until().plus(SKEW));
    }

    static Window settled(String status, Duration settled) {
      return new Window(status, Instant.EPOCH, Instant.now().minus(settled));
    }
  }

  /** The next rows of the window by id, at most this many. */
  List<Candidate> read(Connection connection, Window window, Optional<String> after, int most)
      throws SQLException {
    List<Candidate> page = new ArrayList<>();
    IdColumn ids = IdColumn.of(connection, table);
    try (PreparedStatement select = connection.prepareStatement(query)) {
      select.setString(1, window.status());
      select.setObject(2, after.map(ids::toColumn).orElse(""));
      select.setObject(3, LocalDateTime.ofInstant(window.from(), ZoneOffset.UTC));
      select.setObject(4, LocalDateTime.ofInstant(window.until(), ZoneOffset.UTC));
      select.setInt(5, most);
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          page.add(candidate(rows, ids));
        }
      }
    }
    connection.rollback();
    return page;
  }

  /** What is NULL becomes a name that nothing can have. */
  private Candidate candidate(ResultSet row, IdColumn ids) throws SQLException {
    Optional<String> domain = table.layout().domain().map(fixed -> fixed.name());
    return new Candidate(
        new EventCopy(ids.fromColumn(row, 1), row.getString(6)),
        domain.isPresent() ? domain.get() : Objects.toString(row.getString(2), ""),
        Objects.toString(row.getString(3), ""),
        Objects.toString(row.getString(4), ""),
        row.getObject(5, LocalDateTime.class).toInstant(ZoneOffset.UTC));
  }
}
