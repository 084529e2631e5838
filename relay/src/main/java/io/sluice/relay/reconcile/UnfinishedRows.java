package io.sluice.relay.reconcile;

import io.sluice.outbox.EventDomain;
import io.sluice.outbox.OutboxStatus;
import io.sluice.outbox.OutboxTable;
import io.sluice.relay.mysql.KeptConnection;
import io.sluice.relay.mysql.TableAccess;
import io.sluice.relay.state.EventCopy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Reads the unfinished rows of a table page by page. A page reads a limited number of rows from the
 * server. Rows outside of the window are dropped here, because no index covers it.
 */
final class UnfinishedRows {

  static final List<String> STATUSES =
      List.of(OutboxStatus.PENDING.name(), OutboxStatus.RETRY.name());

  // Follows the index (status, published_at), whose entries end with the primary key, provided that
  // this is the id. Otherwise the server would sort all unfinished rows for each page.
  private static final String QUERY =
      """
      SELECT id, domain, event_type, aggregate_type, created_at, updated_at, %s FROM {table}%s
      WHERE status = ? AND published_at IS NULL AND id > ? AND id <= ?
      ORDER BY id LIMIT ?\
      """;

  // By the primary key. In the index of the status, entries of handled rows stay until they are
  // purged, and a dump that runs for hours holds purge back.
  private static final String LAST = "SELECT id FROM {table}%s ORDER BY id DESC LIMIT 1";

  private final TableAccess table;
  private final KeptConnection kept;

  UnfinishedRows(TableAccess table, KeptConnection kept) {
    this.table = table;
    this.kept = kept;
  }

  /** The columns of a row that determine its topic and its times. */
  record Candidate(
      EventCopy event, String domain, String eventType, String aggregateType, RowTimes times) {}

  /**
   * A range of ids to read.
   *
   * @param after last id that was read; empty at the start
   * @param upTo last id to read
   */
  record Range(String status, String after, String upTo) {}

  /**
   * A page that was read.
   *
   * @param rows number of rows, inside and outside of the window
   * @param candidates the rows inside the window
   * @param read up to which no row has to be read again; empty if all rows are too young
   * @param first id of the first row; empty if there is none
   */
  record Page(int rows, List<Candidate> candidates, Optional<Range> read, Optional<String> first) {

    static final Page EMPTY = new Page(0, List.of(), Optional.empty(), Optional.empty());

    Page {
      candidates = List.copyOf(candidates);
    }
  }

  /** The current last id of the table; empty if it has no rows. */
  String end() throws SQLException {
    Connection connection = kept.to(table);
    String index = kept.inQuery(table, OutboxTable.ID);
    String end;
    try (Statement statement = connection.createStatement();
        ResultSet found = statement.executeQuery(table.sql(LAST.formatted(index)))) {
      end = found.next() ? found.getString(1) : "";
    }
    connection.rollback();
    return end;
  }

  /** Reads the next rows of a range by id, at most {@code most}. */
  Page read(Range range, ReconcileWindow window, int most) throws SQLException {
    Connection connection = kept.to(table);
    List<Candidate> rows = new ArrayList<>();
    String index =
        kept.inQuery(table, OutboxTable.STATUS, OutboxTable.PUBLISHED_AT, OutboxTable.ID);
    String statement = table.sql(QUERY.formatted(TableAccess.REDRIVE, index));
    try (PreparedStatement select = connection.prepareStatement(statement)) {
      select.setString(1, range.status());
      select.setString(2, range.after());
      select.setString(3, range.upTo());
      select.setInt(4, most);
      try (ResultSet found = select.executeQuery()) {
        while (found.next()) {
          rows.add(candidate(found, range.status()));
        }
      }
    }
    connection.rollback();
    return new Page(
        rows.size(),
        rows.stream().filter(window::contains).toList(),
        lastRead(rows, window, most)
            .map(last -> new Range(range.status(), range.after(), last.event().id())),
        rows.stream().findFirst().map(row -> row.event().id()));
  }

  /**
   * The last row that has not to be read again. If all rows are too young, those behind them are
   * too, unless ids do not follow the time; the next sweep then reads the young ones.
   */
  private static Optional<Candidate> lastRead(
      List<Candidate> rows, ReconcileWindow window, int most) {
    Optional<Candidate> old =
        rows.stream().filter(row -> !window.awaits(row)).reduce((earlier, later) -> later);
    boolean mayHideOlder =
        old.isEmpty()
            && window.gap().isEmpty()
            && rows.size() == most
            && !RowTimes.isOrdered(rows.get(most - 1).event().id());
    return mayHideOlder ? Optional.of(rows.get(most - 1)) : old;
  }

  /** Maps NULL to the empty name, which no event has. */
  private Candidate candidate(ResultSet row, String status) throws SQLException {
    Optional<String> domain = table.table().layout().domain().map(EventDomain::name);
    EventCopy event = new EventCopy(row.getString(1), row.getString(7));
    // updated_at is the time of the redrive: any later update also changes the status.
    boolean isUpdatedAtInsertion =
        !event.redrive().equals(EventCopy.FIRST) && status.equals(OutboxStatus.PENDING.name());
    return new Candidate(
        event,
        domain.isPresent() ? domain.get() : Objects.toString(row.getString(2), ""),
        Objects.toString(row.getString(3), ""),
        Objects.toString(row.getString(4), ""),
        new RowTimes(
            TableAccess.time(row, OutboxTable.CREATED_AT),
            RowTimes.inId(event.id()),
            isUpdatedAtInsertion ? TableAccess.time(row, OutboxTable.UPDATED_AT) : Optional.empty(),
            Instant.now()));
  }
}
