package io.sluice.redrive;

import io.sluice.redrive.WaitingRow.Aggregate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Finds and locks what has to go with failed events: what is parked behind them, and what else of
 * their aggregates no handler has finished with. Of one transaction.
 *
 * <p>No index leads to an aggregate, so all rows that wait are looked through, without locking
 * them; those found are locked by their primary key and looked at again.
 */
final class Followers {

  private static final int LOCKED_AT_ONCE = 500;

  private static final String WAITING =
      "SELECT "
          + WaitingRow.COLUMNS
          + " FROM outbox_events AS e FORCE INDEX (%s)\n"
          + """
          WHERE e.status IN ('PENDING', 'RETRY', 'FAILED') AND e.published_at IS NULL
            AND (e.domain, e.aggregate_type, e.aggregate_id) IN (%s)
          """;

  private static final String LOCKED =
      "SELECT "
          + WaitingRow.COLUMNS
          + " FROM outbox_events AS e FORCE INDEX (PRIMARY)\n"
          + """
          WHERE e.id IN (%s) AND e.status IN ('PENDING', 'RETRY', 'FAILED')
          FOR UPDATE NOWAIT
          """;

  private final Set<Aggregate> aggregates;
  private final Set<String> headIds;
  private final Set<String> taken = new HashSet<>();

  /**
   * Those whose events that wait have to come again too, behind what is sent again. Compared here,
   * for the server may take two for one that differ in case.
   */
  private final Set<Aggregate> disturbed = new HashSet<>();

  /**
   * Of these failed events. A discarded one disturbs nobody as long as nothing is parked behind it.
   */
  Followers(Operation operation, List<WaitingRow> heads) {
    this.aggregates = heads.stream().map(WaitingRow::aggregate).collect(Collectors.toSet());
    this.headIds = heads.stream().map(WaitingRow::head).collect(Collectors.toSet());
    heads.forEach(head -> taken.add(head.id()));
    if (operation == Operation.REDRIVE) {
      disturbed.addAll(aggregates);
    }
  }

  /** Those that were not there when this was asked before; locked. */
  List<WaitingRow> takeNew(Connection connection) throws SQLException {
    List<String> ids = select(waiting(connection)).stream().map(WaitingRow::id).toList();
    List<WaitingRow> locked = new ArrayList<>();
    for (int from = 0; from < ids.size(); from += LOCKED_AT_ONCE) {
      locked.addAll(
          lock(connection, ids.subList(from, Math.min(from + LOCKED_AT_ONCE, ids.size()))));
    }
    List<WaitingRow> found = select(locked);
    found.forEach(row -> taken.add(row.id()));
    return found;
  }

  private List<WaitingRow> select(List<WaitingRow> rows) {
    List<WaitingRow> own =
        rows.stream()
            .filter(row -> !taken.contains(row.id()))
            .filter(row -> !row.isFailed() || isParkedHere(row))
            .toList();
    own.stream().filter(WaitingRow::isFailed).forEach(row -> disturbed.add(row.aggregate()));
    return own.stream().filter(row -> disturbed.contains(row.aggregate())).toList();
  }

  private boolean isParkedHere(WaitingRow row) {
    return row.parked().isPresent() && headIds.contains(row.head());
  }

  private List<WaitingRow> waiting(Connection connection) throws SQLException {
    List<String> names = new ArrayList<>();
    for (Aggregate aggregate : aggregates) {
      names.addAll(List.of(aggregate.domain(), aggregate.type(), aggregate.id()));
    }
    String places = aggregates.stream().map(any -> "(?, ?, ?)").collect(Collectors.joining(", "));
    return rows(connection, WAITING.formatted("outbox_events_status", places), names);
  }

  private static List<WaitingRow> lock(Connection connection, Collection<String> ids)
      throws SQLException {
    return rows(connection, LOCKED.formatted(FailedRows.places(ids)), List.copyOf(ids));
  }

  private static List<WaitingRow> rows(Connection connection, String query, List<String> values)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(query)) {
      FailedRows.bind(select, values);
      try (ResultSet rows = select.executeQuery()) {
        List<WaitingRow> found = new ArrayList<>();
        while (rows.next()) {
          found.add(WaitingRow.of(rows));
        }
        return found;
      }
    }
  }
}
